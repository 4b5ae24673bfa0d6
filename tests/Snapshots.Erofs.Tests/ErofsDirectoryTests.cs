using System.Diagnostics;
using Containerd.Snapshots.Erofs;

namespace Containerd.Snapshots.Tests.Erofs;

/// <summary>The attributes that a directory has in layers on top of each other.</summary>
[Category("Root")]
internal sealed class ErofsDirectoryTests
{
    private DirectoryInfo _folder = null!;

    private string Upper => Path.Combine(_folder.FullName, "upper");

    private string Lower => Path.Combine(_folder.FullName, "lower");

    [SetUp]
    public void MakeLayers()
    {
        _folder = Directory.CreateTempSubdirectory("erofs-");
        Run($"mkdir -p {Upper} {Lower}/a/b && chmod 1777 {Lower}/a/b && chown 12:34 {Lower}/a/b && setfattr -n user.x -v y {Lower}/a/b");
    }

    [TearDown]
    public void RemoveLayers() => _folder.Delete(recursive: true);

    [Test]
    public void The_nearest_layer_that_has_the_directory_counts()
    {
        Run($"mkdir -p {Upper}/a && chmod 700 {Upper}/a");

        Assert.Multiple(() =>
        {
            Assert.That(Find("a")?.Mode, Is.EqualTo(Convert.ToInt32("700", 8)));
            Assert.That(Find("a/b"), Is.Not.Null);
        });
    }

    [Test]
    public void Mode_owner_and_extended_attributes_are_found()
    {
        var found = Find("a/b")!.Value;

        Assert.That((found.Mode, found.UserId, found.GroupId), Is.EqualTo((Convert.ToInt32("1777", 8), 12u, 34u)));
        Assert.That(found.ExtendedAttributes!.Select(each => each.Key), Does.Contain("user.x"));
    }

    [TestCase("mkdir {0}/a && setfattr -n trusted.overlay.opaque -v y {0}/a", TestName = "An_opaque_directory_hides_those_below")]
    [TestCase("mknod {0}/a c 0 0", TestName = "A_whiteout_hides_those_below")]
    [TestCase("mkdir {0}/a && mknod {0}/a/b c 0 0", TestName = "A_whiteout_of_the_directory_itself_hides_it")]
    [TestCase("ln -s elsewhere {0}/a", TestName = "A_link_is_no_directory")]
    public void Hidden(string command)
    {
        Run(string.Format(null, command, Upper));

        Assert.That(Find("a/b"), Is.Null);
    }

    [Test]
    public void A_missing_directory_is_null() => Assert.That(Find("a/missing"), Is.Null);

    private ErofsAttributes? Find(string path) => ErofsDirectory.Find([Upper, Lower], path);

    private static void Run(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, command);
    }
}
