using Containerd.Snapshots.Erofs.Mounts;

namespace Containerd.Snapshots.Tests.Erofs.Mounts;

/// <summary>Lines of the kernel's table of mounts.</summary>
internal sealed class MountTableTests
{
    [TestCase("36 35 98:0 / /mnt ro,noatime master:1 shared:2 - erofs /images/a ro", "36 98:0 / /mnt erofs /images/a")]
    [TestCase(@"36 35 98:0 /a\040b /mnt\011x\012y\134z ro - erofs /c\134d ro", "36 98:0 /a b /mnt\tx\ny\\z erofs /c\\d")]
    [TestCase(@"36 35 98:0 /gr\303\274n /\4 ro - erofs /\9 ro", "36 98:0 /grün /\\4 erofs /\\9")]
    [TestCase("36 35 98:0 / /mnt ro - erofs none", "36 98:0 / /mnt erofs none")]
    public void A_line_is_read(string line, string expected)
    {
        var entry = MountTable.Parse(line)!;

        Assert.That($"{entry.Id} {entry.Device} {entry.Root} {entry.Directory} {entry.Type} {entry.Source}", Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("36 35 98:0")]
    [TestCase("x 35 98:0 / /mnt ro - erofs a ro")]
    [TestCase("36 35 98:0 / /mnt ro erofs a ro")]
    public void A_line_that_is_none(string line) => Assert.That(MountTable.Parse(line), Is.Null);
}
