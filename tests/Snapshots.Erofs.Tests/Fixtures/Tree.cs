using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Fixtures;

/// <summary>All that is to be seen of the files in a folder, for a comparison.</summary>
internal static class Tree
{
    // Sizes and links of directories depend on the file system.
    private const string Script = """
        export LC_ALL=C; cd "$1"
        find . -mindepth 1 -type d -printf '%P %y %m %U %G %T@\0' | sort -z | tr '\0' '\n'
        find . -mindepth 1 ! -type d -printf '%P %y %m %U %G %s %n %l %T@\0' | sort -z | tr '\0' '\n'
        find . ! -type d -links +1 -printf '%P\t%i\0' | sort -z | awk -v RS='\0' -F '\t' '{ if (!($NF in first)) first[$NF] = $1; print $1 " is " first[$NF] }'
        find . -type f -print0 | sort -z | xargs -0 -r sha256sum
        find . \( -type b -o -type c \) -print0 | sort -z | xargs -0 -r stat -c '%n %t:%T'
        find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex 2>/dev/null
        """;

    /// <summary>A text of all files: types, modes, owners, times, sizes, links, contents and extended attributes.</summary>
    public static async Task<string> ShowAsync(string path)
    {
        var shown = await Command.RunAsync(["sh", "-c", Script, "sh", path], limit: TimeSpan.FromMinutes(5));
        return shown.AssertSucceeded().Output;
    }
}
