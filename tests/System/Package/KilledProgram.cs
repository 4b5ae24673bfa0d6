using Containerd.Snapshots.Wire;

namespace Containerd.Snapshots.Tests.Package;

/// <summary>A published snapshotter that is killed and started again.</summary>
internal static class KilledProgram
{
    public static async Task AssertKeepsWhatItStoresAsync(string binary)
    {
        // Not in the user's folder: the path of a Unix socket has at most 107 bytes.
        var folder = Directory.CreateTempSubdirectory("killed-");
        try
        {
            await using (var killed = await NativeProcess.StartAsync(binary, folder))
            {
                killed.Calls.Prepare(new() { Key = "key" });
                killed.Calls.Commit(new() { Name = "base", Key = "key" });
                await killed.StopAsync("KILL");
            }

            await using var process = await NativeProcess.StartAsync(binary, folder);
            Assert.That(process.Calls.Stat(new() { Key = "base" }).Info.Kind, Is.EqualTo(Kind.Committed));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
