using System.Diagnostics;
using Containerd.Snapshots.Erofs;
using Containerd.Snapshots.Tests.Disks;
using Containerd.Snapshots.Tests.Erofs.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Erofs.Mounts;

/// <summary>Mounts of images, as files and through loop devices.</summary>
[Category("Root")]
internal sealed class ErofsMountTests
{
    private DirectoryInfo _folder = null!;
    private string _image = "", _directory = "";

    [SetUp]
    public void Begin()
    {
        Tools.Require("losetup");
        _folder = Directory.CreateTempSubdirectory("mounts-");
        _image = $"{_folder.FullName}/an image \\ of\tfiles";
        _directory = Directory.CreateDirectory($"{_folder.FullName}/a directory\n").FullName;
        Write(_image);
    }

    [TearDown]
    public void End()
    {
        Kernel.Unmount(_directory);
        _folder.Delete(recursive: true);
    }

    [TestCase(ErofsBacking.Automatic)]
    [TestCase(ErofsBacking.File)]
    [TestCase(ErofsBacking.LoopDevice)]
    public async Task An_image_is_mounted_and_found(ErofsBacking backing)
    {
        RequireIfFile(backing);

        ErofsMount.Mount(_image, _directory, new() { Backing = backing });

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText($"{_directory}/fs/file"), Is.EqualTo("content"));
            Assert.That(() => File.WriteAllText($"{_directory}/fs/new", ""), Throws.InstanceOf<IOException>());
            Assert.That(ErofsMount.Find(_directory), Is.EqualTo(new MountedErofs(_directory, _image, "/")));
            Assert.That(ErofsMount.List(), Does.Contain(new MountedErofs(_directory, _image, "/")));
        });

        ErofsMount.Unmount(_directory);

        Assert.That(ErofsMount.Find(_directory), Is.Null);
        Assert.That((await Command.RunAsync(["losetup", "-j", _image])).Output, Is.Empty);
    }

    [Test]
    public void A_bind_shows_a_directory_of_the_image()
    {
        var bound = Directory.CreateDirectory($"{_folder.FullName}/bound").FullName;
        ErofsMount.Mount(_image, _directory, new() { Backing = ErofsBacking.LoopDevice });

        ErofsMount.Bind($"{_directory}/fs", bound);
        ErofsMount.Unmount(_directory);

        Assert.That(File.ReadAllText($"{bound}/file"), Is.EqualTo("content"));
        Assert.That(ErofsMount.Find(bound), Is.EqualTo(new MountedErofs(bound, _image, "/fs")));
        ErofsMount.Unmount(bound);
    }

    [Test]
    public void A_mount_in_use_is_removed_lazily_only()
    {
        ErofsMount.Mount(_image, _directory, new() { Backing = ErofsBacking.LoopDevice });
        using var file = File.OpenText($"{_directory}/fs/file");

        Assert.That(() => ErofsMount.Unmount(_directory), Throws.InstanceOf<IOException>().With.Message.Contains("cannot unmount"));
        ErofsMount.UnmountLazily(_directory);

        Assert.That(Directory.EnumerateFileSystemEntries(_directory), Is.Empty);
        Assert.That(file.ReadToEnd(), Is.EqualTo("content"));
    }

    [TestCase(ErofsBacking.Automatic)]
    [TestCase(ErofsBacking.LoopDevice)]
    public async Task A_file_that_is_no_image(ErofsBacking backing)
    {
        await File.WriteAllBytesAsync(_image, new byte[8192]);

        Assert.That(() => ErofsMount.Mount(_image, _directory, new() { Backing = backing }), Throws.InstanceOf<IOException>().With.Message.Contains(_image));
        Assert.That((await Command.RunAsync(["losetup", "-j", _image])).Output, Is.Empty);
    }

    [Test]
    public void A_file_that_is_missing() =>
        Assert.That(() => ErofsMount.Mount($"{_image}.other", _directory), Throws.InstanceOf<IOException>().With.Message.Contains("No such file"));

    [Test]
    public void A_directory_where_nothing_is_mounted() => Assert.Multiple(() =>
    {
        Assert.That(ErofsMount.Find(_directory), Is.Null);
        Assert.That(ErofsMount.Find("/proc"), Is.Null);
        Assert.That(ErofsMount.Find($"{_directory}/missing"), Is.Null);
        Assert.That(() => ErofsMount.Unmount(_directory), Throws.InstanceOf<IOException>());
    });

    [Test]
    public async Task Many_loop_devices_are_taken_at_once()
    {
        var folders = Enumerable.Range(0, 24).Select(i => Directory.CreateDirectory($"{_folder.FullName}/{i}").FullName).ToList();
        var images = folders.Select(folder => $"{folder}.image").ToList();
        images.ForEach(Write);

        try
        {
            await Task.WhenAll(folders.Zip(images, (folder, image) => Task.Run(() => ErofsMount.Mount(image, folder, new() { Backing = ErofsBacking.LoopDevice }))));

            Assert.That(folders.Select(folder => ErofsMount.Find(folder)?.Image), Is.EqualTo(images));
        }
        finally
        {
            folders.ForEach(Kernel.Unmount);
        }
    }

    [TestCase(ErofsBacking.File)]
    [TestCase(ErofsBacking.LoopDevice)]
    public async Task Owners_are_mapped_by_a_user_namespace(ErofsBacking backing)
    {
        RequireIfFile(backing);
        using var process = Command.Start(["unshare", "--user", "sh", "-c", "echo ready; cat"]);
        await process.StandardOutput.ReadLineAsync();
        await File.WriteAllTextAsync($"/proc/{process.Id}/uid_map", "0 100000 1000");
        await File.WriteAllTextAsync($"/proc/{process.Id}/gid_map", "0 200000 1000");
        using (var userNamespace = File.OpenHandle($"/proc/{process.Id}/ns/user"))
            ErofsMount.Mount(_image, _directory, new() { Backing = backing, UserNamespace = userNamespace });
        await EndAsync(process);

        var owner = await Command.RunAsync(["stat", "-c", "%u:%g", $"{_directory}/fs/file"]);

        Assert.That(owner.Output, Is.EqualTo("100005:200006\n"));
    }

    [Test]
    public async Task Features_are_tried_and_nothing_is_left()
    {
        var before = await LoopsAsync();

        var features = ErofsFeatures.Detect(_folder.FullName);

        Assert.Multiple(() =>
        {
            Assert.That((features.LoopError, features.LoopOverlayError), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(features.Backing, Is.Not.Null);
            Assert.That(features.ToCheckResults().Select(result => result.Level), Has.All.LessThanOrEqualTo(SnapshotterCheckLevel.Note));
            Assert.That(_folder.GetFiles(".erofs-check-*"), Is.Empty);
        });
        Assert.That(await LoopsAsync(), Is.EqualTo(before));
    }

    [Test]
    public void Features_that_are_missing_are_explained() => Assert.Multiple(() =>
    {
        Assert.That(new ErofsFeatures("no file", null, null, null).ToCheckResults().Single().ToString(), Does.Contain("(no file)").And.Contain("loop devices"));
        Assert.That(new ErofsFeatures(null, "no overlay", null, null).Backing, Is.EqualTo(ErofsBacking.LoopDevice));
        Assert.That(new ErofsFeatures("no file", null, "no loop", null).ToCheckResults().Single().Level, Is.EqualTo(SnapshotterCheckLevel.Wrong));
    });

    private static void Write(string path)
    {
        var writer = new ErofsWriter();
        using var file = File.Create(path);
        var offset = writer.AddFile("file"u8, new(0x1A4, 5, 6, 0), 7);
        RandomAccess.Write(file.SafeFileHandle, "content"u8, offset);
        writer.Finish(file);
    }

    // On kernels that mount no files, the loop device alone is tested.
    private void RequireIfFile(ErofsBacking backing)
    {
        if (backing == ErofsBacking.File && ErofsFeatures.Detect(_folder.FullName).FileError is { } error)
            Assert.Ignore(error);
    }

    private static async Task<string> LoopsAsync() => (await Command.RunAsync(["losetup", "-n", "-O", "BACK-FILE"])).Output;

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }
}
