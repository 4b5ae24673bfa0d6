namespace Containerd.Snapshots.Runtime.Limits;

/// <summary>Finds out whether the process can start more threads, below every limit of the system: it starts them, and ends them.</summary>
internal static class ThreadProbe
{
    // Other code starts threads, too, and the kernel ends the probe's threads a little later than .NET does.
    private const int Margin = 8;

    private const int StackLength = 128 * 1024;

    /// <summary>Whether so many threads, and some more, can be started.</summary>
    public static bool CanStart(int count)
    {
        using var end = new ManualResetEventSlim(initialState: false, spinCount: 0);
        var threads = new List<Thread>(count + Margin);
        try
        {
            while (threads.Count < count + Margin)
            {
                var thread = new Thread(() => end.Wait(), StackLength) { IsBackground = true, Name = "Probe" };
                thread.UnsafeStart();
                threads.Add(thread);
            }

            return true;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
        finally
        {
            end.Set();
            foreach (var thread in threads)
                thread.Join();
        }
    }
}
