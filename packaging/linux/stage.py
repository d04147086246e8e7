"""Lay out the files of the Debian package around the frozen program.

python packaging/linux/stage.py FROZEN ROOT
"""

import datetime
import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from tcplan.version import VERSION

HERE = Path(__file__).resolve().parent
TREE = HERE.parent.parent
RESOURCES = TREE / "resources" / "tcplan_resources"
APPLICATION = "org.tcplan.TCPlan"
MEDIA_TYPE = "application-x-tcplan+json"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)

CONTROL = """\
Package: tcplan
Version: {version}
Architecture: {architecture}
Maintainer: The TCPlan authors <tcplan@localhost>
Section: science
Priority: optional
Installed-Size: {kibibytes}
Depends: {depends}
Recommends: shared-mime-info, xdg-utils, desktop-file-utils
Suggests: cups
Description: what it costs to train an AI model
 TCPlan answers what it will cost to train an AI model, in money, time, energy,
 carbon and water, how sure that is, and what should change. It works without
 a network, in a window and on the command line.
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: TCPlan
Comment: Qt and PySide6 are used under the LGPL 3 and can be replaced in
 /usr/lib/tcplan. The licences of every library are in /usr/share/doc/tcplan/licences.

Files: *
Copyright: The TCPlan authors
License: MIT

Files: usr/lib/tcplan/_internal/tcplan_resources/fonts/*
Copyright: 2020 The Inter Project Authors
License: OFL-1.1

Files: usr/lib/tcplan/_internal/tcplan_resources/icons/*
Copyright: 2026 Lucide Icons and Contributors, 2013-present Cole Bemis
License: ISC and MIT

"""


def main() -> None:
    """Make the whole tree of the package."""
    frozen, root = Path(sys.argv[1]), Path(sys.argv[2])
    program = root / "usr/lib/tcplan"
    shutil.copytree(frozen, program, symlinks=True)
    # A Python that does not come from Debian, and libsodium, still hold what debuggers read.
    libraries = [
        *(program / "_internal").glob("libpython*"),
        *(program / "_internal").glob("python*/**/*.so"),
        *(program / "_internal").glob("nacl/*.so"),
    ]
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)
    link = root / "usr/bin/tcplan"
    link.parent.mkdir(parents=True)
    link.symlink_to("../lib/tcplan/tcplan")
    put_icons(root / "usr/share/icons/hicolor")
    put_descriptions(root / "usr/share")
    put_documents(root / "usr/share/doc/tcplan")
    put_control(root)
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == program / "tcplan" else 0o644)


def put_icons(folder: Path) -> None:
    """Write the icon of the program and of its files in every size that a desktop asks for."""
    application = QGuiApplication([])
    drawing = RESOURCES / "icons" / "tcplan.svg"
    renderer = QSvgRenderer(str(drawing))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        for kind, name in (("apps", "tcplan"), ("mimetypes", MEDIA_TYPE)):
            path = folder / f"{size}x{size}" / kind / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            image.save(str(path))
    for kind, name in (("apps", "tcplan"), ("mimetypes", MEDIA_TYPE)):
        path = folder / "scalable" / kind / f"{name}.svg"
        path.parent.mkdir(parents=True)
        shutil.copy(drawing, path)
    application.quit()


def put_descriptions(share: Path) -> None:
    """Write what menus, file managers and software centres read."""
    for folder in ("applications", "mime/packages", "metainfo"):
        (share / folder).mkdir(parents=True)
    shutil.copy(HERE / "tcplan.desktop", share / "applications")
    shutil.copy(HERE / "tcplan.xml", share / "mime/packages")
    text = (HERE / f"{APPLICATION}.metainfo.xml").read_text(encoding="utf-8")
    text = text.replace("@VERSION@", VERSION).replace("@DATE@", f"{released():%Y-%m-%d}")
    (share / "metainfo" / f"{APPLICATION}.metainfo.xml").write_text(text, encoding="utf-8")


def released() -> datetime.datetime:
    """Return the time of the commit that is built, so that the same tree gives the same package."""
    answer = subprocess.run(
        ["git", "log", "-1", "--format=%cI"], cwd=TREE, capture_output=True, text=True, check=True
    )
    return datetime.datetime.fromisoformat(answer.stdout.strip())


def libraries() -> Iterator[str]:
    """Yield the Python libraries in the frozen program."""
    lock = (TREE / "packaging" / "runtime.txt").read_text(encoding="utf-8")
    yield from (name for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE) if name != "setuptools")


def put_documents(folder: Path) -> None:
    """Write the change log and the licence of everything that is in the package."""
    folder.mkdir(parents=True)
    licence = (TREE / "LICENSE").read_text(encoding="utf-8")
    body = "\n".join(f" {line}" if line.strip() else " ." for line in licence.strip().splitlines())
    (folder / "copyright").write_text(f"{COPYRIGHT}License: MIT\n{body}\n", encoding="utf-8")
    entry = f"tcplan ({VERSION}) unstable; urgency=medium\n\n  * See the release notes.\n\n"
    entry += f" -- The TCPlan authors <tcplan@localhost>  {released():%a, %d %b %Y %H:%M:%S %z}\n"
    with gzip.GzipFile(folder / "changelog.gz", "wb", mtime=0) as stream:
        stream.write(entry.encode())
    for library in libraries():
        try:
            distribution = metadata.distribution(library)
        except metadata.PackageNotFoundError:
            continue
        for file in distribution.files or []:
            if re.search(r"dist-info/.*(licen[cs]e|copying|notice)", str(file), re.IGNORECASE):
                target = folder / "licences" / library / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), target)


def depends(root: Path) -> str:
    """Return the system packages whose libraries the frozen program uses."""
    program = root / "usr/lib/tcplan"
    files = [path for path in program.rglob("*") if path.is_file() and not path.is_symlink()]
    binaries = [str(path.resolve()) for path in files if path.read_bytes()[:4] == b"\x7fELF"]
    private = {str(Path(path).parent) for path in binaries}
    work = root.parent / "shlibdeps"
    (work / "debian").mkdir(parents=True, exist_ok=True)
    (work / "debian" / "control").write_text("Source: tcplan\n\nPackage: tcplan\nArchitecture: any\n")
    command = ["dpkg-shlibdeps", "-O", "--warnings=0", *(f"-l{each}" for each in sorted(private)), *binaries]
    answer = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, text=True, check=True)
    return answer.stdout.partition("shlibs:Depends=")[2].strip()


def put_control(root: Path) -> None:
    """Write what the package manager reads."""
    # The folder tells dpkg-shlibdeps where the package begins.
    (root / "DEBIAN").mkdir()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file())
    text = CONTROL.format(
        version=VERSION, architecture=architecture, kibibytes=size // 1024, depends=depends(root)
    )
    (root / "DEBIAN" / "control").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
