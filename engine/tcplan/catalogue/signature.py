"""Signatures of data packs: Ed25519, and the files and fingerprints of its keys."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from tcplan.catalogue.overlay import OverlayError, read_file
from tcplan.language import _
from tcplan.plan.disk import Disk
from tcplan.plan.letters import forbidden
from tcplan.plan.reading import PlanFileError, decoded, parsed

SUFFIX = ".tckey"
_FORMAT = 1
_KEY = re.compile(r"[0-9a-f]{64}")
_LARGEST_KEY_FILE = 10_000
_LONGEST_NAME = 80


class KeyFileError(OverlayError):
    """A key that cannot be made or read, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What a publisher signs with; `private` and `public` are 64 hexadecimal digits each."""

    publisher: str
    private: str
    public: str


def checked_name(name: str) -> str:
    """Return the name of a publisher without space around it.

    Raises
    ------
    KeyFileError
        When it is empty, too long or not one printable line.
    """
    text = " ".join(name.split())
    if not text or len(text) > _LONGEST_NAME or any(forbidden(one) or not one.isprintable() for one in text):
        sentence = _("a publisher's name is one line of at most {most} printable letters")
        raise KeyFileError(sentence.format(most=_LONGEST_NAME))
    return text


def new_key(publisher: str) -> SigningKey:
    """Return a new pair of keys for a publisher.

    Raises
    ------
    KeyFileError
        When nobody can be called so.
    """
    from nacl.signing import SigningKey as Maker

    maker = Maker.generate()
    return SigningKey(checked_name(publisher), bytes(maker).hex(), bytes(maker.verify_key).hex())


def sign(data: bytes, key: SigningKey) -> str:
    """Return the signature of some bytes as 128 hexadecimal digits."""
    from nacl.signing import SigningKey as Maker

    return Maker(bytes.fromhex(key.private)).sign(data).signature.hex()


def is_signed(data: bytes, signature: str, public: str) -> bool:
    """Return whether a signature of some bytes was made with the private half of a key."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(bytes.fromhex(public)).verify(data, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def is_key(text: object) -> bool:
    """Return whether something is a key: 64 hexadecimal digits."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None


def fingerprint(public: str) -> str:
    """Return what two people compare to know that they mean the same public key."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def write_key(key: SigningKey, path: Path) -> None:
    """Write a key to a new file that its owner alone can read.

    Raises
    ------
    OSError
        When the file exists already or cannot be written.
    """
    tree = {"format": _FORMAT, "publisher": key.publisher, "public": key.public, "private": key.private}
    data = (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()
    disk = Disk()
    handle = disk.create(path)
    try:
        while data:
            data = data[disk.write(handle, data) :]
        disk.sync(handle)
    finally:
        disk.close(handle)


def read_key(path: Path) -> SigningKey:
    """Return the key of a file that `write_key` made.

    Raises
    ------
    KeyFileError
        When it is something else, or its halves do not belong together.
    """
    from nacl.signing import SigningKey as Maker

    try:
        tree = parsed(decoded(read_file(path, _LARGEST_KEY_FILE))[0])
    except (OverlayError, PlanFileError) as error:
        raise KeyFileError(str(error)) from error
    publisher, private, public = (tree.get(part) for part in ("publisher", "private", "public"))
    if tree.get("format") != _FORMAT or not (is_key(private) and is_key(public)):
        raise KeyFileError(_("this file holds no key of this version"))
    key = SigningKey(checked_name(str(publisher)), str(private), str(public))
    if bytes(Maker(bytes.fromhex(key.private)).verify_key).hex() != key.public:
        raise KeyFileError(_("the two halves of this key do not belong together"))
    return key
