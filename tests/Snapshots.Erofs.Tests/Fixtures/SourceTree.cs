using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>A tree of files to make layers of, which is deleted with it.</summary>
internal sealed class SourceTree : IDisposable
{
    // Everything that Debian's tools can make in a tree. No hard link has capabilities: GNU tar does not say that it has.
    private const string Everything = """
        set -e
        cd "$1"
        mkdir -p usr/bin empty "dir with spaces" deep/$(printf 'd/%.0s' $(seq 60))
        echo hello > usr/bin/hello; chmod 4755 usr/bin/hello; chown 1000:70000 usr/bin/hello
        ln usr/bin/hello usr/bin/hard; ln -s ../bin/hello usr/bin/soft; ln -s /nowhere usr/absolute
        : > empty/file; head -c 4096 /dev/urandom > page; head -c 3000001 /dev/urandom > large
        mkfifo pipe; mknod character c 1 3; mknod block b 7 300; chmod 1777 empty
        touch -d '1999-12-31 23:59:59.123456789' page; touch -d '2040-01-01' large
        name=$(printf 'n%.0s' $(seq 200)); echo long > "$name"; mkdir -p "$name-1/$name-2"; echo longer > "$name-1/$name-2/$name"
        ln -s "$name-1/$name-2/$name/$name" long-link; ln "$name-1/$name-2/$name" hard-long
        printf 'a\nb' > 'line
        feed'; echo utf > 'grün'; echo raw > "$(printf 'raw\377')"
        truncate -s 10M hole; printf data | dd of=hole bs=1 seek=5000000 conv=notrunc 2>/dev/null
        truncate -s 3M tail; truncate -s 1M start; printf x >> start
        for i in $(seq 40); do printf $i | dd of=holes bs=1 seek=$((i * 100000)) conv=notrunc 2>/dev/null; done
        setfattr -n user.text -v value page; setfattr -n user.empty empty
        setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 large
        for i in $(seq 500); do echo $i > dir\ with\ spaces/$i; done
        find . -exec touch -h -d '2020-02-02 02:02:02' {} + ; touch -h -d '1970-01-01' usr/absolute; touch -d '2020-01-01 00:00:00.5' empty
        """;

    // What every format of tar can say.
    private const string Plain = """
        set -e
        cd "$1"
        mkdir -p a/b empty; echo x > a/b/c; chmod 640 a/b/c; head -c 100000 /dev/urandom > data; ln -s a/b link; chmod 1777 empty; chown 5:6 data
        find . -exec touch -h -d '2020-02-02 02:02:02' {} +
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tree-");

    private SourceTree()
    {
    }

    public string Path => _folder.FullName;

    /// <summary>A tree with all types of files and attributes.</summary>
    public static Task<SourceTree> MakeAsync() => MakeAsync(Everything);

    /// <summary>A tree of a few usual files.</summary>
    public static Task<SourceTree> MakePlainAsync() => MakeAsync(Plain);

    // By a tool, since some names are no text.
    public void Dispose() => Command.RunAsync(["rm", "-rf", Path]).GetAwaiter().GetResult();

    private static async Task<SourceTree> MakeAsync(string script)
    {
        Tools.Require("setfattr");
        var tree = new SourceTree();
        (await Command.RunAsync(["bash", "-c", script, "bash", tree.Path])).AssertSucceeded();
        return tree;
    }
}
