"""What a plain decoder in a plain layout leaves as it is, for chains that are solved without a plan."""

PLAIN = {
    "extra_parameters": 0.0,
    "extra_active_parameters": 0.0,
    "extra_forward_flop": 0.0,
    "window": 0.0,
    "predicted_tokens": 0.0,
    "schedule": 0.0,
    "balance": 0.0,
    "sharding": 1.0,
    "recompute": 0.0,
    "recompute_share": 1.0,
    "reduce_bytes": 4.0,
    "dispatcher": 0.0,
    "dispatch_overlap": 0.0,
    "graphs": 0.0,
    "token_drop": 0.0,
    "devices_per_node": 8.0,
    "device_power": 700.0,
    "spares": 0.0,
    "repair_time": 0.0,
    "practice": 0.0,
}
