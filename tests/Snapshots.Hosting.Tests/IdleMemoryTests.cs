using Containerd.Snapshots.Hosting.Server;


namespace Containerd.Snapshots.Tests.Hosting;

/// <summary>When an idle server returns its memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IdleMemoryTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    private readonly IdleMemory _memory;
    private int _calls, _collections;
    private long _allocated, _heap = Megabyte;

    public IdleMemoryTests() => _memory = new(() => _calls, () => _allocated, () => _heap, () => _collections++);

    public void Dispose() => _memory.Dispose();

    [Test]
    public void A_server_that_has_become_idle_collects_once()
    {
        Look(allocating: 8 * Megabyte);
        Assert.That(_collections, Is.Zero, "collections while it was busy");

        Look(allocating: 1000);
        Look(allocating: 1000);

        Assert.That(_collections, Is.EqualTo(1));
    }

    [Test]
    public void It_collects_once_more_a_minute_later_and_then_no_more()
    {
        Look(allocating: 8 * Megabyte);
        Look(allocating: 0);
        for (var i = 0; i < 6; i++)
            Look(allocating: 1000);
        Assert.That(_collections, Is.EqualTo(1), "collections within the minute");

        for (var i = 0; i < 20; i++)
            Look(allocating: 1000);

        Assert.That(_collections, Is.EqualTo(2));
    }

    [Test]
    public void A_busy_server_does_not_collect()
    {
        for (var i = 0; i < 10; i++)
            Look(allocating: Megabyte);

        Assert.That(_collections, Is.Zero);
    }

    [Test]
    public void A_server_with_a_running_call_does_not_collect()
    {
        _calls = 1;
        Look(allocating: 8 * Megabyte);
        Look(allocating: 0);

        Assert.That(_collections, Is.Zero);
    }

    [Test]
    public void A_server_that_was_always_idle_does_not_collect()
    {
        Look(allocating: Megabyte / 2);
        Look(allocating: 0);

        Assert.That(_collections, Is.Zero);
    }

    [Test]
    public void A_server_with_a_large_heap_does_not_collect_for_little()
    {
        _heap = 400 * Megabyte;
        Look(allocating: 8 * Megabyte);
        Look(allocating: 0);

        Assert.That(_collections, Is.Zero);
    }

    [Test]
    public void A_server_that_was_busy_again_collects_again()
    {
        for (var i = 0; i < 2; i++)
        {
            Look(allocating: 8 * Megabyte);
            Look(allocating: 0);
        }

        Assert.That(_collections, Is.EqualTo(2));
    }

    private void Look(long allocating)
    {
        _allocated += allocating;
        _memory.Look();
    }
}
