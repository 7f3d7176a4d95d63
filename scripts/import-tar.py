#!/usr/bin/env python3
"""usage: import-tar.py REF <TAR | git fast-import --done

Turn a tar archive into one commit on REF, without the archive's leading directory, with
the tree that "git add -A -f ." would make of the unpacked files.
"""
import signal
import sys
import tarfile


def die(*words):
    sys.exit(' '.join(('import-tar: error:',) + words))


class Member(tarfile.TarInfo):
    """TarFile takes a damaged header, or none at all, for the end of the archive."""

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.EOFHeaderError:
            raise
        except tarfile.HeaderError as e:
            raise tarfile.ReadError(str(e)) from None


def quoted(name):
    """A member's path in the tree, as fast-import wants it."""
    parts = name.split('/')[1:]
    if not parts or {'', '.', '..', '.git'} & set(parts):
        die('a file cannot have this name:', ascii(name))
    path = '/'.join(parts).encode('utf-8', 'surrogateescape')
    for c, escaped in (b'\\', b'\\\\'), (b'"', b'\\"'), (b'\n', b'\\n'):
        path = path.replace(c, escaped)
    return b'"' + path + b'"'


def convert(ref, infile, out):
    def put(mode, name, data):
        out.write(b'M %s inline %s\ndata %d\n' % (mode, quoted(name), len(data)))
        out.write(data)
        out.write(b'\n')

    out.write(b'commit %s\ncommitter <> 0 +0000\ndata 0\n' % ref.encode())
    with tarfile.open(fileobj=infile, mode='r|', tarinfo=Member, encoding='utf-8') as tar:
        for m in tar:
            tar.members = []  # or it keeps them all
            if m.isreg():
                put(b'100755' if m.mode & 0o100 else b'100644', m.name, tar.extractfile(m).read())
            elif m.issym():
                put(b'120000', m.name, m.linkname.encode('utf-8', 'surrogateescape'))
            elif m.islnk():
                out.write(b'C %s %s\n' % (quoted(m.linkname), quoted(m.name)))
            elif not m.isdir():
                die(ascii(m.name), 'is neither a file, a directory nor a link: type', ascii(m.type.decode('latin-1')))
    while infile.read(1 << 20):
        pass  # what writes it may have an error to tell
    out.write(b'done\n')
    out.flush()


if sys.argv[1:] in (['-h'], ['--help']):
    print(__doc__, end='')
    sys.exit()
if len(sys.argv) != 2:
    print('import-tar: which ref? (see import-tar.py --help)', file=sys.stderr)
    sys.exit(2)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # fast-import says what is wrong
try:
    convert(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
except (tarfile.TarError, OSError) as err:
    die('the archive is damaged:', str(err))
