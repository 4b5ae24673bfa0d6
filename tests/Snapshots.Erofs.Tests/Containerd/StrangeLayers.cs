using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs.Containerd;

/// <summary>Layers that no usual tool makes. What containerd makes of them, or that it refuses them, is what counts.</summary>
internal static class StrangeLayers
{
    private const string Capability = "\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    private const string AccessList = "\x02\0\0\0\x01\0\x06\0\xFF\xFF\xFF\xFF\x02\0\x04\0\x05\0\0\0\x04\0\x04\0\xFF\xFF\xFF\xFF\x10\0\x04\0\xFF\xFF\xFF\xFF\x20\0\x04\0\xFF\xFF\xFF\xFF";

    /// <summary>Each with its name, as bytes of an archive.</summary>
    public static IEnumerable<(string Name, byte[] Archive)> All()
    {
        foreach (var (name, make) in Makers())
        {
            var archive = new TarBuilder();
            make(archive);
            yield return (name, archive.ToArray());
        }
    }

    private static IEnumerable<(string Name, Action<TarBuilder> Make)> Makers() =>
    [
        .. Links(), .. Replaced(), .. Paths(), .. Whiteouts(), .. Attributes(), .. Headers(), .. Ends(),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Links() =>
    [
        ("hard links across directories", t => t.File("a/x").HardLink("b/y", "a/x").HardLink("c/z", "./a/x").Link("a/l", "x").HardLink("d/l", "/a/l").File("a/x", "other")),
        ("unclean targets of hard links", t => t.File("a/x").HardLink("1", "a/../a/x").HardLink("2", "a/./x").HardLink("3", "a//x").HardLink("4", "../../a/x").HardLink("5", "a/x/")),
        ("hard link over a link", t => t.Folder("a").File("a/x").Link("l", "a").HardLink("y", "l/x").Link("m", "a/x").HardLink("z", "m").HardLink("e", "m/")),
        ("hard link to nothing", t => t.HardLink("x", "y")),
        ("hard link to itself", t => t.File("x").HardLink("x", "x")),
        ("hard link to itself with two names", t => t.File("x").HardLink("y", "x").HardLink("y", "x").HardLink("x", "y")),
        ("hard link to a directory", t => t.Folder("d").HardLink("x", "d")),
        ("hard link in place of its target's directory", t => t.File("d/x").HardLink("d", "d/x")),
        ("hard link with other attributes", t => t.File("x", mode: 0x1FF, user: 7).Add("y", '1', "x", mode: 0x180, time: 5, user: 9)),
        ("parents that are links", t => t.Folder("usr/lib").Link("lib", "usr/lib").File("lib/x").Link("abs", "/usr").File("abs/y").Link("usr/up", "../../..").File("usr/up/z")),
        ("parents that are chains of links", t => t.Folder("p/q").Link("x", "p/q").Link("l", "x/../y").File("l/1").Link("m", "/x/../n").File("m/2").Link("a", "x").Link("b", "a").File("b/c/3")),
        ("a parent that leads back through another", t => t.Folder("p/d").Link("l", "p/d").Link("a", "l").Link("p/d/b", "../z").File("a/b/x")),
        ("parents that are links to nothing", t => t.Link("l", "made/below").File("l/x").Link("m", "/far/away").File("m/n/y")),
        ("parents that lead in circles", t => t.Link("a", "b").Link("b", "a").File("a/x")),
        ("a parent that is a link to a file", t => t.File("f").Link("l", "f").File("l/x")),
        ("a directory in place of a link", t => t.Folder("d").Link("l", "d").Folder("l").File("l/x")),
        ("a link without a target", t => t.Link("l", "")),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Replaced() =>
    [
        ("files replaced by other types", t => t.File("a").Folder("a").File("b").Link("b", "a").Link("c", "a").Folder("c").File("c/x").Add("d", '6').File("d").Add("e", '3', major: 1, minor: 3).Link("e", "a").HardLink("f", "d").Folder("f")),
        ("a directory replaced by a file", t => t.Folder("a", time: 123_456_789).File("a/x").File("a").File("a", "again")),
        ("a directory replaced by a link", t => t.Folder("b/c", time: 123_456_789).Folder("a", time: 222_222_222).Link("a", "b")),
        ("a directory replaced by a link to nothing", t => t.Folder("a").Link("a", "b")),
        ("a directory and another in it replaced", t => t.Folder("a").Folder("a/b").File("a")),
        ("a directory replaced and made again", t => t.Folder("a", time: 111_111_111).File("a/x").File("a").Folder("a", time: 222_222_222).File("a/y")),
        ("directories after their files", t => t.File("a/b/c").Folder("a/b", 0x1C0, 5).Folder("a", 0x1ED, 6).File("a/b/d")),
        ("a directory twice", t => t.Records(("SCHILY.xattr.user.a", "1"), ("SCHILY.xattr.user.b", "1")).Folder("a", 0x1C0).File("a/x").Records(("SCHILY.xattr.user.b", "2")).Folder("a/", 0x1ED)),
        ("the same file twice", t => t.File("a/b", "first").File("a/b", "second, and longer")),
        ("a file in a file", t => t.File("a").File("a/b")),
        ("a global header in place of a file", t => t.File("g").Add("g", 'g', content: TarBuilder.Record("comment", "x")).Add("tmp/global", 'g').File("x")),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Paths() =>
    [
        ("unclean paths", t => t.File("./a").File("b//c").File("/d").File("../../e").File("f/../g").File("./h/./i/.").Folder(".").Folder("/").File("..").File("j/..").Folder("k/")),
        ("a name of 255 bytes", t => t.Records(("path", new string('n', 255))).File("x")),
        ("a name of 256 bytes", t => t.Records(("path", new string('n', 256))).File("x")),
        ("a parent's name of 256 bytes", t => t.Records(("path", new string('n', 256) + "/x")).File("x")),
        ("names of any bytes", t => t.File("\xFF\n\x80").Folder("\xC3\xA9").File("\xC3\xA9/\t \\")),
        ("a long path", t => t.Records(("path", string.Concat(Enumerable.Repeat("directory/", 300)) + "x")).File("x")),
        ("a path with a zero", t => t.Records(("path", "a\0b")).File("x")),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Whiteouts() =>
    [
        ("whiteouts", t => t.Add(".wh.gone", '0', user: 5).Folder("d").File("d/.wh.gone", "x").File("d/.wh..wh..opq").File("new/.wh..wh..opq").File(".wh..wh.plnk/x").File("d/.wh..wh.aufs")),
        ("a file in place of a whiteout", t => t.File(".wh.a").File("a").File(".wh.b").Folder("b").File("b/x")),
        ("a file in a whiteout", t => t.File(".wh.a").File("a/x")),
        ("whiteouts over links", t => t.Folder("d").Link("l", "d").File("l/.wh.x").File("l/.wh..wh..opq")),
        ("a whiteout of a file in the layer", t => t.File("a").File(".wh.a")),
        ("a whiteout of a directory in the layer", t => t.File("a/x").File(".wh.a")),
        ("a whiteout twice", t => t.File(".wh.a").File(".wh.a")),
        ("a whiteout without a name", t => t.File(".wh.")),
        ("a whiteout of the directory", t => t.File("a/.wh..")),
        ("a whiteout of the directory above", t => t.File("a/.wh...")),
        ("the root is opaque", t => t.File(".wh..wh..opq")),
        ("a whiteout with attributes", t => t.Records(("SCHILY.xattr.security.x", "y")).File(".wh.a", mode: 0x1FF)),
        ("a device that is a whiteout", t => t.Add("w", '3').Folder("o")),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Attributes() =>
    [
        ("times", t => t.Records(("mtime", "-1.5")).File("a").Records(("mtime", "1234567890.123456789123")).File("b").Records(("mtime", "9999999999")).Folder("c").Records(("mtime", "5.1")).Link("d", "x").Records(("mtime", "0.5")).File("e").File("f", time: 0)),
        ("owners", t => t.Records(("uid", "4000000000"), ("gid", "70000")).File("a").Records(("uid", "4294967301")).File("b").Records(("uid", "-1"), ("gid", "4294967295")).File("c").Records(("uid", "5")).Link("d", "a")),
        ("modes", t => t.File("a", mode: 0xFFF).Folder("b", mode: 0x3FF).Add("c", '6', mode: 0x1B6).File("d", mode: 0x81A4).File("e", mode: 0)),
        ("devices", t => t.Add("a", '3', major: 4095, minor: 65535).Add("b", '4', major: 7, minor: 1_048_575).Add("c", '4', major: 70_000, minor: 2_000_000).Add("d", '6', major: 9, minor: 9).Add("e", '3', minor: 1)),
        ("extended attributes", t => t.Records(("SCHILY.xattr.user.text", "value"), ("SCHILY.xattr.user.empty", ""), ("SCHILY.xattr.security.capability", Capability), ("SCHILY.xattr.security.other", "a\0b"), ("SCHILY.xattr.trusted.overlay.opaque", "y"), ("SCHILY.xattr.unknown.x", "y"), ("SCHILY.xattr.user.overlay.opaque", "y")).File("a")),
        ("extended attributes of other types", t => t.Records(("SCHILY.xattr.user.x", "y"), ("SCHILY.xattr.security.x", "y")).Link("l", "x").Records(("SCHILY.xattr.user.x", "y"), ("SCHILY.xattr.security.x", "y")).Add("p", '6').Records(("SCHILY.xattr.user.x", "y")).Add("c", '3', major: 1, minor: 3)),
        ("access lists", t => t.Records(("SCHILY.xattr.system.posix_acl_access", AccessList)).File("a", mode: 0x1A4).Records(("SCHILY.xattr.system.posix_acl_default", AccessList)).Folder("d").Records(("SCHILY.xattr.system.posix_acl_access", AccessList)).Link("l", "a")),
        ("a default access list of a file", t => t.Records(("SCHILY.xattr.system.posix_acl_default", AccessList)).File("a")),
        ("an access list that is none", t => t.Records(("SCHILY.xattr.system.posix_acl_access", "\x02\0\0\0nonsense")).File("a")),
        ("capabilities that are none", t => t.Records(("SCHILY.xattr.security.capability", "nonsense")).File("a")),
        ("capabilities and a hard link", t => t.Records(("SCHILY.xattr.security.capability", Capability), ("SCHILY.xattr.user.x", "y")).File("a").HardLink("b", "a")),
        ("capabilities of a hard link", t => t.File("a").Records(("SCHILY.xattr.security.capability", Capability)).HardLink("b", "a")),
        ("an extended attribute without a name", t => t.Records(("SCHILY.xattr.user.", "x")).File("a")),
        ("an extended attribute with a long name", t => t.Records(("SCHILY.xattr.user." + new string('n', 251), "x")).File("a")),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Headers() =>
    [
        ("GNU's long names", t => t.Add("L", 'L', content: "long/name\0").Add("K", 'K', content: "long target\0").Link("x", "y").Records(("path", "lost")).Add("L", 'L', content: "wins\0").File("x")),
        ("old types", t => t.Add("a", '\0', content: "old").Add("d/", '\0', content: "").Add("d/x", '\0', content: "y")),
        ("a prefix", t => t.Add("x", '0', change: h => TarBuilder.Put(h, 345, "pre/fix"))),
        ("a prefix in star's format", t => t.Add("x", '0', change: h => { TarBuilder.Put(h, 345, "pre/fix"); TarBuilder.Put(h, 508, "tar\0"); })),
        ("no version", t => { t.Magic = "ustar\0  "; t.Add("x", '0', change: h => TarBuilder.Put(h, 345, "pre")); }),
        ("v7", t => { t.Magic = ""; t.Add("x", '0', content: "y", change: h => TarBuilder.Put(h, 345, "nothing")); }),
        ("GNU's format of old versions of Go", t => { t.Magic = "ustar  \0"; t.Add("x", '0', change: h => TarBuilder.Put(h, 345, "pre/fix")); }),
        ("numbers in binary", t => t.Add("x", '0', content: "y", change: h => { h.AsSpan(108, 8).Clear(); h[108] = 0x80; h[115] = 9; h.AsSpan(136, 12).Fill(0xFF); })),
        ("numbers with spaces", t => t.Add("x", '0', content: "y", change: h => { TarBuilder.Put(h, 100, " 644 \0 9"); })),
        ("a number that is none", t => t.Add("x", '0', change: h => TarBuilder.Put(h, 108, "notanum"))),
        ("a negative size", t => t.Add("x", '0', change: h => h.AsSpan(124, 12).Fill(0xFF))),
        ("a link with a size", t => t.Add("x", '2', "y", change: h => TarBuilder.Put(h, 124, "00000000777")).File("z")),
        ("records that replace everything", t => t.Records(("path", "p"), ("linkpath", "q"), ("uid", "3"), ("gid", "4"), ("size", "3")).Add("x", '0', content: "abc", change: h => TarBuilder.Put(h, 124, "00000000000")).Records(("path", "l"), ("linkpath", "q")).Link("x", "y")),
        ("empty records", t => t.Records(("path", ""), ("uid", "")).File("x", user: 3)),
        ("records twice", t => t.Records(("path", "lost"), ("uid", "3")).Records(("gid", "4")).File("x")),
        ("a record that is no number", t => t.Records(("uid", "x")).File("x")),
        ("a time that is none", t => t.Records(("atime", "x")).File("x")),
        ("a record with a wrong length", t => t.Add("r", 'x', content: "99 path=a\n").File("x")),
        ("a record without a key", t => t.Add("r", 'x', content: "6 =ab\n").File("x")),
        ("a sparse file in records", t => t.Records(("GNU.sparse.numblocks", "2"), ("GNU.sparse.map", "0,2,100000,3"), ("GNU.sparse.size", "200000"), ("GNU.sparse.name", "n")).Add("x", '0', content: "abcde")),
        ("a sparse file of version 1.0", t => t.Records(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "9000"), ("GNU.sparse.name", "n")).Add("x", '0', content: "1\n8000\n3\n".PadRight(512, '\0') + "abc")),
        ("a sparse file of an unknown version", t => t.Records(("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "9000"), ("GNU.sparse.name", "n")).Add("x", '0', content: "abc")),
        ("a sparse file with parts that overlap", t => t.Records(("GNU.sparse.numblocks", "2"), ("GNU.sparse.map", "0,3,1,2"), ("GNU.sparse.size", "10")).Add("x", '0', content: "abcde")),
        ("a sparse file with too little content", t => t.Records(("GNU.sparse.numblocks", "1"), ("GNU.sparse.map", "0,9"), ("GNU.sparse.size", "10")).Add("x", '0', content: "abcde")),
        ("a sparse directory", t => t.Records(("GNU.sparse.numblocks", "0"), ("GNU.sparse.map", "0,0")).Folder("x")),
        ("GNU's old sparse file", t => { t.Magic = "ustar  \0"; t.Add("x", 'S', content: "abc"); }),
        ("a contiguous file", t => t.Add("x", '7')),
        ("an unknown type", t => t.Add("x", 'Z')),
        ("a wrong checksum", t => t.File("x").Raw(new string('x', 512))),
    ];

    private static IEnumerable<(string, Action<TarBuilder>)> Ends() =>
    [
        ("nothing", _ => { }),
        ("no end mark", t => t.File("x")),
        ("half an end mark", t => t.File("x").Zeros(1)),
        ("bytes behind the end", t => t.File("x").Zeros(2).Raw("anything")),
        ("a header behind half an end mark", t => t.File("x").Zeros(1).File("y")),
        ("records without an entry", t => t.File("x").Records(("path", "y")).Zeros(2)),
        ("content that is missing", t => t.Add("x", '0', change: h => TarBuilder.Put(h, 124, "00000001000"))),
        ("half a header", t => t.File("x").Raw("half a header")),
    ];
}
