namespace Sluice.SystemTests.Hydration;

/// <summary>All the ways to get at a file that are tried: those of <c>tests/rigs/access</c>, and everyday tools.</summary>
internal static class AccessRows
{
    private const string Prints = "md5sum < out; rm -f out";

    private static readonly string[] Modes =
    [
        "read", "pread", "pread-end", "preadv2-nowait", "direct", "aio", "io_uring", "sendfile", "splice", "copy_file_range", "clone", "threads", "seek", "fiemap",
        "mmap-shared", "mmap-private", "mmap-populate", "mprotect", "mremap", "readahead", "exec", "dlopen", "mmap-write",
        "pwrite", "append", "direct-write", "truncate-shrink", "truncate-grow", "ftruncate-shrink", "ftruncate-grow", "truncate-twice", "o_trunc",
        "o_trunc-write", "o_trunc-grow", "punch", "zero-range", "collapse", "insert", "allocate", "copy-into", "clone-into", "dedupe-from", "dedupe-into",
        "rename", "rename-over", "replace", "exchange", "link", "unlink-open", "reopen", "handle", "attributes",
        "namespace", "bind", "bind-read-only", "second-mount", "overlay-read", "overlay-mmap", "overlay-copy-up", "loop", "loop-direct",
    ];

    private static readonly AccessRow[] Tools =
    [
        new("tool-cat", "cat f o | md5sum"),
        new("tool-cp", $"cp f out; {Prints}"),
        new("tool-cp-sparse", $"cp --sparse=always f out; {Prints}"),
        new("tool-cp-dense", $"cp --sparse=never --reflink=never f out; {Prints}"),
        new("tool-cp-reflink", $"cp --reflink=always f out; {Prints}") { Kinds = ["xfs", "btrfs"] },
        new("tool-cp-elsewhere", "cp --sparse=auto f $ELSEWHERE/out; md5sum < $ELSEWHERE/out; rm $ELSEWHERE/out"),
        new("tool-cp-preserving", $"cp -a f out; {Prints}"),
        new("tool-cp-over", "cp o f; md5sum f"),
        new("tool-mv", "mv f g; md5sum g"),
        new("tool-mv-elsewhere", "mv f $ELSEWHERE/out; md5sum < $ELSEWHERE/out; rm $ELSEWHERE/out; ls"),
        new("tool-install", $"install -m 600 f out; {Prints}"),
        new("tool-tar", "tar cf out f o; tar xOf out | md5sum; rm out"),
        new("tool-tar-sparse", "tar cSf out f o; tar xOf out | md5sum; rm out"),
        new("tool-tar-sparse-raw", "tar cSf out --hole-detection=raw f o; tar xOf out | md5sum; rm out"),
        new("tool-tar-sparse-seek", "tar cSf out --hole-detection=seek f o; tar xOf out | md5sum; rm out"),
        new("tool-rsync", $"rsync -a f out; {Prints}"),
        new("tool-rsync-sparse", $"rsync -aS f out; {Prints}"),
        new("tool-rsync-into", "rsync -a --inplace --no-whole-file --ignore-times o f; md5sum f"),
        new("tool-dd", $"dd if=f of=out bs=64k status=none; {Prints}"),
        new("tool-dd-direct", $"dd if=f of=out bs=64k iflag=direct conv=sparse status=none; {Prints}"),
        new("tool-dd-into", "dd if=o of=f bs=4k count=3 seek=7 conv=notrunc status=none; md5sum f"),
        new("tool-grep", "grep -c a f; grep -ac . f"),
        new("tool-md5sum", "md5sum f o"),
        new("tool-cmp", "cmp f o; cmp -n 100 f f && cat f > copy && cmp f copy; rm copy"),
        new("tool-head-tail", "head -c 1000 f | md5sum; tail -c 1000 f | md5sum"),
        new("tool-tail-into", "echo more >> f; tail -c 20 f | md5sum; md5sum f"),
        new("tool-gzip", "gzip -kc f | gzip -dc | md5sum"),
        new("tool-sort", "LC_ALL=C sort f | md5sum"),
        new("tool-wc", "wc -c f; wc -l f"),
        new("tool-truncate", "truncate -s 10000 f; md5sum f; truncate -s 2M o; md5sum o"),
        new("tool-python-copy", $"/usr/bin/python3 -c 'import shutil; shutil.copyfile(\"f\", \"out\")'; {Prints}"),
        new("tool-python-mmap", "/usr/bin/python3 -c 'import mmap,hashlib; f=open(\"f\",\"r+b\"); print(hashlib.md5(mmap.mmap(f.fileno(),0)).hexdigest())'"),
        new("tool-sed-in-place", "LC_ALL=C sed -i 1d f; md5sum f"),
        new("tool-ln", "ln f g; ln -s f s; md5sum g s; rm g s"),
        new("tool-stat", "stat -c '%s %a %u %g %h' f; stat -c %Y f | wc -c; md5sum f"),
    ];

    public static IReadOnlyDictionary<string, AccessRow> All { get; } = Modes.Select(Of).Concat(Tools).ToDictionary(row => row.Name, StringComparer.Ordinal);

    private static AccessRow Of(string mode) => new(mode, $"\"$ACCESS\" {mode} f o")
    {
        IsTwin = mode.StartsWith("dedupe", StringComparison.Ordinal),
        Kinds = mode switch
        {
            "clone" or "clone-into" or "dedupe-from" or "dedupe-into" => ["xfs", "btrfs"],
            "collapse" or "insert" => ["ext4", "xfs"],
            _ => ["ext4", "xfs", "btrfs"],
        },
    };
}
