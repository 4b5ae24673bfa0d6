using System.Globalization;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Tests.Processes;

namespace Containerd.Snapshots.Tests.Overlay.Failures;

/// <summary>A limit of threads: that of the user, which works like the one of a cgroup.</summary>
internal sealed class ThreadLimitTests : OverlayTest
{
    private const string User = "54321"; // Has no other process.
    private const int Calls = 200;

    [Test]
    public async Task Near_the_limit_calls_share_the_threads_that_exist()
    {
        await using var process = await StartAsync(threads: 40);
        process.Calls.Layer("base");

        // On a slow disk, where many calls run at once.
        await Strace.WhileAsync(
            process,
            ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=100000", "-o", FileOf("trace")],
            () => Task.WhenAll(Enumerable.Range(0, Calls).Select(
                i => process.Calls.PrepareAsync(new() { Key = $"key {i}", Parent = "base" }).ResponseAsync)).GetAwaiter().GetResult());

        Assert.That(await process.Calls.ListAsync(), Has.Count.EqualTo(Calls + 1));
        Assert.That(process.Log, Does.Contain("The limit of threads is near, so calls share"));
    }

    private async Task<NativeProcess> StartAsync(int threads)
    {
        Tools.Require("prlimit", "setpriv", "strace");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Binary)!))
            File.Copy(file, FileOf(Path.GetFileName(file)));

        var folder = Directory.CreateDirectory(FileOf("owned")).FullName;
        (await Command.RunAsync(["chown", User, folder])).AssertSucceeded();
        return await NativeProcess.StartAsync(
            ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nproc={threads}"), "setpriv", $"--reuid={User}", "--clear-groups", FileOf(Path.GetFileName(Binary))],
            $"{folder}/test.sock",
            $"{folder}/root");
    }
}
