using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Erofs.Tree;
using Containerd.Snapshots.Tests.Erofs.Fixtures;

namespace Containerd.Snapshots.Tests.Erofs;

/// <summary>Paths of a layer, as containerd treats them when it unpacks one.</summary>
internal sealed class PathTests
{
    private static readonly ErofsAttributes Usual = Image.Usual();

    private FileTree _tree = null!;

    [SetUp]
    public void Begin() => _tree = new();

    [TestCase("a/b/c")]
    [TestCase("/a/b/c")]
    [TestCase("./a//b/./c")]
    [TestCase("a/x/../b/c")]
    [TestCase("../../a/b/c")]
    [TestCase("a/b/c/")]
    public void Different_spellings_of_a_path(string path)
    {
        Pipe(path);

        AssertFiles("a/b/c");
    }

    [TestCase("link", "a", "link/file", "a/file")]
    [TestCase("link", "/a", "link/file", "a/file")]
    [TestCase("link", "../../a", "link/file", "a/file")]
    [TestCase("x/link", "../a", "x/link/file", "a/file")]
    [TestCase("x/link", "y", "x/link/file", "x/y/file")]
    [TestCase("x/link", ".", "x/link/file", "x/file")]
    [TestCase("link", "/", "link/file", "file")]
    public void Links_to_directories_are_followed_within_the_layer(string link, string target, string path, string file)
    {
        Link(link, target);

        Pipe(path);

        AssertFiles(file, link);
    }

    [Test]
    public void A_link_at_the_end_is_replaced_and_not_followed()
    {
        _tree.PutDirectory("a"u8, Usual);
        Link("link", "a");

        Pipe("link");

        AssertFiles("link");
    }

    [Test]
    public void A_file_replaces_a_directory_with_all_that_is_in_it()
    {
        Pipe("a/b/c");
        Pipe("a/d");

        Pipe("a");

        AssertFiles("a");
        Assert.That(_tree.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_directory_takes_new_attributes_and_keeps_its_files()
    {
        Pipe("a/b");

        _tree.PutDirectory("a"u8, Usual);

        AssertFiles("a/b");
    }

    [Test]
    public void A_hard_link_keeps_a_file_whose_first_name_is_replaced()
    {
        Pipe("first");
        _tree.PutLink("second"u8, "first"u8);
        _tree.PutLink("second"u8, "./first"u8);

        Pipe("first");

        AssertFiles("first", "second");
        Assert.That(_tree.Count, Is.EqualTo(3));
    }

    [Test]
    public void A_hard_link_to_a_link_does_not_follow_it()
    {
        Pipe("file");
        Link("link", "file");

        _tree.PutLink("hard"u8, "link"u8);

        AssertFiles("file", "hard", "link");
        Assert.That(_tree.Count, Is.EqualTo(3));
    }

    [TestCase("", "is the root's")]
    [TestCase("/", "is the root's")]
    [TestCase("a/..", "is the root's")]
    [TestCase("pipe/below", "\"pipe\" in the path \"pipe\" is not a directory")]
    [TestCase("loop/below", "more than 255 symbolic links")]
    [TestCase("a\0b", "has a zero in it")]
    public void A_path_that_cannot_be_a_file_s(string path, string words)
    {
        Pipe("pipe");
        Link("loop", "loop");

        Assert.That(() => Pipe(path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words));
    }

    [Test]
    public void A_path_that_is_too_long()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => Pipe(new string('x', 256)), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("256 bytes"));
            Assert.That(() => Pipe($"{new string('x', 256)}/y"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("256 bytes"));
            Assert.That(() => Pipe(string.Concat(Enumerable.Repeat("x/", 2049))), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("longer than 4096 bytes"));
        });
        AssertFiles();
    }

    [Test]
    public void Links_that_lead_around_for_ever_take_bounded_time()
    {
        var around = string.Concat(Enumerable.Repeat("a/../", 800));
        _tree.PutDirectory("a"u8, Usual);
        Link("link", $"{around}link");

        Assert.That(() => Pipe("link/file"), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("more than 255 symbolic links"));
    }

    [TestCase("missing", "does not exist")]
    [TestCase("directory", "a directory")]
    public void A_hard_link_to_what_is_no_file(string target, string words)
    {
        _tree.PutDirectory("directory"u8, Usual);

        Assert.That(() => _tree.PutLink("link"u8, Image.Bytes(target)), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(words));
    }

    private void Pipe(string path) => _tree.Put(Image.Bytes(path), new(FileType.Pipe, Usual));

    private void Link(string path, string target) => _tree.Put(Image.Bytes(path), new(FileType.SymbolicLink, Usual) { Target = Image.Bytes(target) });

    // All but directories.
    private void AssertFiles(params string[] paths) => Assert.That(In(_tree.Root, "").Order(StringComparer.Ordinal), Is.EqualTo(paths.Order(StringComparer.Ordinal)));

    private static IEnumerable<string> In(Inode directory, string path) =>
        directory.Files!.SelectMany(file => file.Value.Type == FileType.Directory ? In(file.Value, $"{path}{file.Key}/") : [path + file.Key]);
}
