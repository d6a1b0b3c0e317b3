"""Files as strangers send them: small enough, of a kind that we take, and what their name says they are."""

import hashlib
import re
import unicodedata
import zipfile
import zlib

from django.core.exceptions import ValidationError

MB = 1024 * 1024
EACH_LIMIT = 10 * MB
TOGETHER_LIMIT = 25 * MB
MOST_FILES = 10
NAME_LIMIT = 120  # characters, the extension included

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "eml": "message/rfc822",
}
SIGNATURES = {
    "pdf": re.compile(rb"(\xef\xbb\xbf)?\s*%PDF-\d"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "heic": re.compile(rb".{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL),
}
MAIL_HEADERS = {b"from", b"date", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to"}
# what a damaged, encrypted or hostile archive makes zipfile raise
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def checked(files) -> list[dict]:
    """The fields of an Attachment for each file, in their order. Raises ValidationError under "attachments", with a
    sentence for every file that we cannot take."""
    files = list(files)
    if len(files) > MOST_FILES:
        raise ValidationError({"attachments": [f"Choose at most {MOST_FILES} files (you chose {len(files)})."]})
    rows, faults = [], []
    for place, file in enumerate(files, start=1):
        try:
            rows.append(_row(file, place=place))
        except ValidationError as error:
            faults += error.messages
    together = sum(file.size for file in files)
    if together > TOGETHER_LIMIT:
        faults.append(
            f"Files can be up to {TOGETHER_LIMIT // MB} MB together. Yours have {together / MB:.1f} MB; leave some out."
        )
    if faults:
        raise ValidationError({"attachments": faults})
    return rows


def _row(file, *, place):
    called = _printable(file.name or "")
    stem, extension = _parts(called)
    said = f"“{called[:NAME_LIMIT]}”" if called else f"File number {place}"
    if not file.size:
        raise ValidationError(f"{said} is empty.")
    if file.size > EACH_LIMIT:
        raise ValidationError(f"{said} is too large: files can be up to {EACH_LIMIT // MB} MB each.")
    if called and extension not in CONTENT_TYPES:
        raise ValidationError(f"{said} is of a kind that can't be attached.")
    kind = _kind(file)
    if kind is None or (called and not _fits(extension, kind)):
        raise ValidationError(f"{said} is not what its name says. Save it again in one of the kinds we take.")
    extension = extension if called else kind
    file.seek(0)
    return {
        "file": file,
        "name": _shown(stem or f"attachment-{place}", extension),
        "content_type": CONTENT_TYPES[extension],
        "size": file.size,
        "sha256": _fingerprint(file),
    }


# --- the name: only ever shown, never a path ---


def _printable(name: str) -> str:
    """The last part of a path without the characters that hide, turn or break a line."""
    kept = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    return " ".join(re.split(r"[\\/]", kept)[-1].split()).rstrip(". ")


def _parts(name: str) -> tuple[str, str]:
    stem, _, extension = name.rpartition(".")
    return stem.strip(". "), extension.casefold()


def _shown(stem: str, extension: str) -> str:
    return f"{stem[: NAME_LIMIT - len(extension) - 1]}.{extension}"


# --- the content: looked at, never decoded ---


def _kind(file) -> str | None:
    """What the bytes say that the file is; None for what we do not take, macros included."""
    file.seek(0)
    head = file.read(64 * 1024)
    for kind, signature in SIGNATURES.items():
        if signature.match(head):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(file)
    if not _is_text(file):
        return None
    return "eml" if _is_mail(head) else "txt"


def _fits(extension: str, kind: str) -> bool:
    """The name says what the content is; a saved e-mail is plain text as well."""
    return CONTENT_TYPES[extension] == CONTENT_TYPES[kind] or (extension, kind) == ("txt", "eml")


def _kind_of_archive(file) -> str | None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind_of_document(archive)
    except UNREADABLE:
        return None


def _kind_of_document(archive) -> str | None:
    names = set(archive.namelist())
    if any(name.casefold().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        return None
    if "mimetype" in names:
        return "odt" if _start_of(archive, "mimetype") == CONTENT_TYPES["odt"].encode() else None
    if "[Content_Types].xml" not in names:
        return None
    declared = _start_of(archive, "[Content_Types].xml").lower()
    if b"vbaproject" in declared or b"macroenabled" in declared or len(declared) == MB:
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None


def _start_of(archive, name: str) -> bytes:
    """The first megabyte of one part: enough to know it, and no bomb."""
    with archive.open(name) as part:
        return part.read(MB)


def _is_text(file) -> bool:
    """No control characters: that is text, in UTF-8 or in any of the old code pages."""
    file.seek(0)
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", file.read())


def _is_mail(head: bytes) -> bool:
    """The first lines are the header of an e-mail."""
    seen = set()
    for line in head.splitlines():
        if not line:
            break
        if line[:1] in b" \t" or line.startswith(b"From "):
            continue
        name, colon, _ = line.partition(b":")
        if not colon or not re.fullmatch(rb"[!-9;-~]+", name):
            return False
        seen.add(name.lower())
    return bool(seen & MAIL_HEADERS)


def _fingerprint(file) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
