namespace Containerd.Snapshots.Tests.Storage.Fixtures;

/// <summary>Makes and removes files and directories in a directory until it is disposed.</summary>
internal sealed class ChangingTree : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    public ChangingTree(string folder) => _task = Task.Run(() => Change(folder));

    public void Dispose()
    {
        _stop.Cancel();
        _task.Wait();
        _stop.Dispose();
    }

    private void Change(string folder)
    {
        for (var round = 0; !_stop.IsCancellationRequested; round++)
        {
            var path = $"{folder}/{round % 7}";
            try
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    Directory.CreateDirectory($"{path}/a/b/c");
                    File.WriteAllText($"{path}/a/file", "content");
                    File.WriteAllText($"{path}/a/b/file", "content");
                }
            }
            catch (IOException)
            {
                // The code under test removes it, too.
            }
        }
    }
}
