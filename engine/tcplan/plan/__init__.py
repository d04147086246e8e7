"""What the user says: fields, plan, document and file."""
