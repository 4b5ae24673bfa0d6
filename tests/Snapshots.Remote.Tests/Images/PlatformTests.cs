using System.Runtime.InteropServices;
using Containerd.Snapshots.Remote.Images;

namespace Containerd.Snapshots.Tests.Remote.Images;

/// <summary>Which image of an index is taken, as containerd takes it.</summary>
internal sealed class PlatformTests
{
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "386 amd64", "amd64")]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "arm64 386", "386")]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "arm64 x86_64", "x86_64")]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "amd64/v3 amd64/v1", "amd64/v1")]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "arm64", null)]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "arm64 -", "-")]
    [TestCase(System.Runtime.InteropServices.Architecture.X64, "- amd64", "amd64")]
    [TestCase(System.Runtime.InteropServices.Architecture.Arm64, "arm/v7 arm64/v8", "arm64/v8")]
    [TestCase(System.Runtime.InteropServices.Architecture.Arm64, "arm/v6 arm/v7", "arm/v7")]
    [TestCase(System.Runtime.InteropServices.Architecture.Arm, "arm/v8 arm arm/v6", "arm")]
    [TestCase(System.Runtime.InteropServices.Architecture.Armv6, "arm/v7 arm/v5", "arm/v5")]
    public void The_best_platform_wins(Architecture machine, string entries, string? expected)
    {
        var index = new ImageIndex([.. entries.Split(' ').Select(Entry)]);

        Assert.That(index.Pick([.. ImagePlatform.RunOn(machine)])?.MediaType, Is.EqualTo(expected));
    }

    private static IndexEntry Entry(string text)
    {
        Assert.That(SnapshotDigest.TryParse($"sha256:{new string('0', 64)}", out var digest));
        var parts = text.Split('/');
        return new(new(text, digest!, 1), text == "-" ? null : new("linux", parts[0], parts.ElementAtOrDefault(1) ?? ""));
    }
}
