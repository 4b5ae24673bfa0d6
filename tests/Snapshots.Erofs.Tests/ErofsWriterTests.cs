using System.Text;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs;

/// <summary>Images as the kernel shows them.</summary>
[Category("Root")]
internal sealed class ErofsWriterTests
{
    private Image _image = null!;

    [SetUp]
    public void Begin() => _image = new();

    [TearDown]
    public void End() => _image.Dispose();

    [Test]
    public async Task All_types_of_files()
    {
        var writer = _image.Writer;
        writer.AddDirectory("directory"u8, new(0x3ED, 1, 2, 3, 4));
        _image.Add("directory/file", "content"u8, new(0x9ED, 4_000_000_000, 70_000, 5_000_000_000, 999_999_999));
        writer.AddSymbolicLink("link"u8, new(0, 5, 6, -1), "directory/file"u8);
        writer.AddHardLink("second"u8, "directory/file"u8);
        writer.AddCharacterDevice("character"u8, Image.Usual(0x1B6), 1, 3);
        writer.AddBlockDevice("block"u8, Image.Usual(0x1B0), 4095, 1_048_575);
        writer.AddPipe("pipe"u8, Image.Usual());

        using var mounted = await _image.MountAsync();

        Assert.That(await mounted.FindAsync("%y %m %U %G %s %n %l %T@"), Is.EqualTo(new[]
        {
            "block b 660 0 0 0 1  1000000000.0000000000",
            "character c 666 0 0 0 1  1000000000.0000000000",
            "directory d 1755 1 2 43 2  3.0000000040",
            "directory/file f 4755 4000000000 70000 7 2  5000000000.9999999990",
            "link l 777 5 6 14 1 directory/file -1.0000000000",
            "pipe p 644 0 0 0 1  1000000000.0000000000",
            "second f 4755 4000000000 70000 7 2  5000000000.9999999990",
        }));
        var numbers = await Command.RunAsync(["stat", "-c", "%t:%T", $"{mounted.Path}/character", $"{mounted.Path}/block"]);
        Assert.That(numbers.Output, Is.EqualTo("1:3\nfff:fffff\n"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(4097)]
    [TestCase(3_000_000)]
    public async Task The_content_of_a_file(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        _image.Add("before", "x"u8);
        _image.Add("file", content);
        _image.Add("after", "y"u8);

        using var mounted = await _image.MountAsync();

        Assert.That(await File.ReadAllBytesAsync($"{mounted.Path}/file"), Is.EqualTo(content));
    }

    [Test]
    public async Task A_file_of_more_than_4_GiB()
    {
        const long Size = (5L << 30) + 3;
        var offset = _image.Writer.AddFile("large"u8, Image.Usual(), Size);
        using (var file = File.OpenHandle(_image.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(file, "end"u8, offset + Size - 3);

        using var mounted = await _image.MountAsync();

        using var large = File.OpenRead($"{mounted.Path}/large");
        large.Seek(-4, SeekOrigin.End);
        Assert.That(new BinaryReader(large).ReadBytes(10), Is.EqualTo("\0end"u8.ToArray()));
        Assert.That(large.Length, Is.EqualTo(Size));
    }

    [Test]
    public async Task Extended_attributes()
    {
        var capability = Convert.FromHexString("0100000200200000000000000000000000000000");
        _image.Add("file", "content"u8, Image.Usual() with
        {
            ExtendedAttributes =
            [
                new("user.b", "text"u8.ToArray()),
                new("user.a", []),
                new("security.capability", capability),
                new("trusted.x", new byte[1000]),
                new("system.unknown", "ignored"u8.ToArray()),
            ],
        });

        using var mounted = await _image.MountAsync();

        var shown = (await Command.RunAsync(["getfattr", "--absolute-names", "-d", "-m", "-", "-e", "hex", $"{mounted.Path}/file"])).AssertSucceeded();
        Assert.That(shown.Output.Split('\n').Skip(1).Where(line => line.Length > 0), Is.EquivalentTo(new[]
        {
            "security.capability=0x" + Convert.ToHexStringLower(capability),
            "trusted.x=0x" + new string('0', 2000),
            "user.a=0x",
            "user.b=0x74657874",
        }));
    }

    [Test]
    public async Task Attributes_that_take_more_than_a_block()
    {
        var values = Enumerable.Range(0, 4).Select(i => new KeyValuePair<string, byte[]>($"user.{i}", [.. Enumerable.Repeat((byte)i, 60_000)])).ToList();
        _image.Writer.AddSymbolicLink("before"u8, Image.Usual(), "x"u8);
        _image.Add("file", "content"u8, Image.Usual() with { ExtendedAttributes = values });
        _image.Writer.AddDirectory("z"u8, Image.Usual(0x1ED) with { ExtendedAttributes = values });
        _image.Add("z/below", "below"u8);

        using var mounted = await _image.MountAsync();

        foreach (var name in new[] { "file", "z" })
        {
            var shown = (await Command.RunAsync(["getfattr", "--absolute-names", "--only-values", "-n", "user.3", $"{mounted.Path}/{name}"])).AssertSucceeded();
            Assert.That(shown.Output, Is.EqualTo(new string('\u0003', 60_000)));
        }

        Assert.That(await File.ReadAllTextAsync($"{mounted.Path}/z/below"), Is.EqualTo("below"));
    }

    [Test]
    public async Task Names_of_any_bytes()
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'n', 255)];
        byte[] odd = [0xFF, (byte)'\n', 0x80, (byte)'!'];
        foreach (var name in (byte[][])[longest, odd, "!"u8.ToArray(), "-"u8.ToArray(), "..."u8.ToArray(), "é"u8.ToArray()])
            _image.Writer.AddPipe(name, Image.Usual());

        using var mounted = await _image.MountAsync();

        // By a shell, since names are text for .NET.
        var found = (await Command.RunAsync(["sh", "-c", $"cd {mounted.Path}; for name in * ...; do test -p \"$name\" && printf %s \"$name\" | od -An -v -tx1 | tr -d ' \\n'; echo; done"])).AssertSucceeded();
        Assert.That(
            found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EquivalentTo(new[] { Convert.ToHexStringLower(longest), "ff0a8021", "21", "2d", "2e2e2e", "c3a9" }));
    }

    [TestCase(1)]
    [TestCase(150)]
    [TestCase(3000)]
    public async Task A_directory_of_any_length(int count)
    {
        var names = Enumerable.Range(0, count).Select(i => $"name {i}").ToArray();
        _image.Writer.AddDirectory("directory"u8, Image.Usual(0x1ED));
        foreach (var name in names)
            _image.Writer.AddDirectory(Image.Bytes($"directory/{name}"), Image.Usual(0x1C0));

        using var mounted = await _image.MountAsync();

        Assert.That(Directory.GetDirectories($"{mounted.Path}/directory").Select(Path.GetFileName), Is.EquivalentTo(names));
        Assert.That(names.Where(name => !Directory.Exists($"{mounted.Path}/directory/{name}")), Is.Empty);
        Assert.That(await mounted.FindAsync("%n %m"), Does.Contain($"directory {count + 2} 755"));
    }

    [Test]
    public async Task A_directory_of_400_000_files()
    {
        for (var i = 0; i < 400_000; i++)
            _image.Writer.AddFile(Encoding.UTF8.GetBytes($"directory/file number {i}"), Image.Usual(), 0);

        using var mounted = await _image.MountAsync();

        Assert.That(Directory.EnumerateFiles($"{mounted.Path}/directory").Count(), Is.EqualTo(400_000));
        Assert.That(File.Exists($"{mounted.Path}/directory/file number 399999"), Is.True);
        Assert.That(File.Exists($"{mounted.Path}/directory/file number 400000"), Is.False);
    }

    [TestCase(1)]
    [TestCase(4000)]
    [TestCase(4095)]
    public async Task A_link_s_target_of_any_length(int length)
    {
        var target = string.Join('/', Enumerable.Repeat("name", length / 5)) + new string('x', length - (length / 5 * 5) + (length < 5 ? 0 : 1));
        _image.Writer.AddSymbolicLink("link"u8, Image.Usual(), Image.Bytes(target));

        using var mounted = await _image.MountAsync();

        Assert.That(new FileInfo($"{mounted.Path}/link").LinkTarget, Is.EqualTo(target));
    }

    [Test]
    public async Task Whiteouts_and_opaque_directories_hide_what_is_below()
    {
        using var lower = new Image();
        foreach (var path in (string[])["removed/file", "kept", "opaque/old", "gone"])
            lower.Add(path, "lower"u8);
        _image.Writer.AddWhiteout("removed"u8, Image.Usual());
        _image.Writer.AddWhiteout("gone"u8, Image.Usual());
        _image.Add("opaque/new", "upper"u8);
        _image.Writer.HideBelow("opaque"u8);
        using var below = await lower.MountAsync();
        using var above = await _image.MountAsync();
        var merged = Directory.CreateTempSubdirectory("merged-");

        (await Command.RunAsync(["mount", "-t", "overlay", "-o", $"lowerdir={above.Path}:{below.Path}", "overlay", merged.FullName])).AssertSucceeded();
        var files = merged.GetFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(merged.FullName, file.FullName)).Order().ToArray();
        (await Command.RunAsync(["umount", merged.FullName])).AssertSucceeded();
        merged.Delete();

        Assert.That(files, Is.EqualTo(new[] { "kept", "opaque/new" }));
    }

    [Test]
    public async Task The_mark_of_an_opaque_directory_in_a_user_namespace()
    {
        using var image = new Image(userNamespace: true);
        image.Writer.AddDirectory("opaque"u8, Image.Usual(0x1ED));
        image.Writer.HideBelow("opaque"u8);
        image.Writer.HideBelow("opaque"u8);

        using var mounted = await image.MountAsync();

        var shown = await Command.RunAsync(["getfattr", "--absolute-names", "-d", "-m", "-", $"{mounted.Path}/opaque"]);
        Assert.That(shown.Output.Split('\n').Skip(1).Where(line => line.Length > 0), Is.EqualTo(new[] { "user.overlay.opaque=\"y\"" }));
    }

    [Test]
    public async Task The_same_files_make_the_same_bytes()
    {
        using var again = new Image();
        foreach (var image in (Image[])[_image, again])
        {
            for (var i = 0; i < 300; i++)
                image.Add($"a/{i % 7}/{i}", Image.Bytes($"{i}"));

            await image.FinishAsync();
        }

        Assert.That(await File.ReadAllBytesAsync(again.Path), Is.EqualTo(await File.ReadAllBytesAsync(_image.Path)));
    }
}
