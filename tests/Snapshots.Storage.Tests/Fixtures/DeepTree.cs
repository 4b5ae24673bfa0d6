namespace Containerd.Snapshots.Tests.Storage.Fixtures;

internal static class DeepTree
{
    /// <summary>A command that makes nested directories, each with a file beside it.</summary>
    public static string Make(int depth) =>
        $$"""perl -e 'for (1..{{depth}}) { mkdir "directory" or die; open(my $file, ">", "file") or die; chdir "directory" or die; }'""";
}
