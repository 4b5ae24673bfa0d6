using Containerd.Snapshots.Storage.Content;

namespace Containerd.Snapshots.Tests.Storage.Content;

internal sealed class GroupSyncTests
{
    [Test]
    public async Task Callers_during_a_sync_share_the_next_one()
    {
        var syncs = 0;
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var group = new GroupSync(() =>
        {
            Interlocked.Increment(ref syncs);
            isRunning.Set();
            mayEnd.Wait();
        });

        var first = Task.Run(group.RunAsync);
        isRunning.Wait();
        var others = Enumerable.Range(0, 50).Select(_ => group.RunAsync()).ToArray();
        Assert.That(others.Any(other => other.IsCompleted), Is.False, "The running sync may have passed their changes already.");

        mayEnd.Set();
        await Eventually.Within(Task.WhenAll([first, .. others]));
        Assert.That(syncs, Is.EqualTo(2));
    }

    [Test]
    public async Task A_later_caller_gets_its_own_sync()
    {
        var syncs = 0;
        var group = new GroupSync(() => syncs++);

        await group.RunAsync();
        await group.RunAsync();

        Assert.That(syncs, Is.EqualTo(2));
    }

    [Test]
    public async Task Only_the_callers_of_a_failed_sync_get_its_error()
    {
        var syncs = 0;
        using var isRunning = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var group = new GroupSync(() =>
        {
            isRunning.Set();
            mayEnd.Wait();
            if (Interlocked.Increment(ref syncs) == 2)
                throw new IOException("broken disk");
        });

        var first = Task.Run(group.RunAsync);
        isRunning.Wait();
        var (second, third) = (group.RunAsync(), group.RunAsync());
        mayEnd.Set();

        await Eventually.Within(first);
        Assert.That(() => Eventually.Within(second), Throws.InstanceOf<IOException>());
        Assert.That(() => Eventually.Within(third), Throws.InstanceOf<IOException>());
        await Eventually.Within(group.RunAsync());
    }

    [Test]
    public async Task A_failed_sync_does_not_stop_the_next_one()
    {
        var isFirst = true;
        var group = new GroupSync(() =>
        {
            if (isFirst)
            {
                isFirst = false;
                throw new IOException("broken disk");
            }
        });

        Assert.That(group.RunAsync, Throws.InstanceOf<IOException>());
        await Eventually.Within(group.RunAsync());
    }
}
