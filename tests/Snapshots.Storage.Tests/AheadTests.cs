using System.Collections.Concurrent;
using Containerd.Snapshots.Storage;
using Containerd.Snapshots.Tests.Storage.Fixtures;

namespace Containerd.Snapshots.Tests.Storage;

/// <summary>Content that is made ahead.</summary>
internal sealed class AheadTests : StoreTest
{
    private readonly ConcurrentQueue<long> _made = [];

    [SetUp]
    public void Forget() => _made.Clear();

    [Test]
    public async Task A_later_snapshot_gets_a_number_made_ahead()
    {
        Reopen(new() { MakeAhead = Make });
        var first = await Store.PrepareAsync("first");
        await Eventually.StandsStillAsync(() => _made.Count);
        var made = _made.Order().ToList();

        var second = await Store.PrepareAsync("second");

        Assert.Multiple(() =>
        {
            Assert.That(made, Is.Not.Empty.And.No.Member(first.Number));
            Assert.That(second.Number, Is.EqualTo(made[0]));
        });
    }

    [Test]
    public async Task Faster_calls_cause_larger_batches()
    {
        var batches = new ConcurrentQueue<int>();
        var clock = new StepClock();
        Reopen(new() { TimeProvider = clock, MakeAhead = numbers => { batches.Enqueue(numbers.Count); return Task.CompletedTask; } });

        async Task CreateAsync(int count, TimeSpan pause)
        {
            for (var i = 0; i < count; i++)
            {
                clock.Step(pause);
                await Store.PrepareAsync(Guid.NewGuid().ToString());
                await Eventually.StandsStillAsync(() => batches.Sum());
            }
        }

        await CreateAsync(3, pause: TimeSpan.FromMinutes(1));
        var slow = batches.Max();
        await CreateAsync(8, pause: TimeSpan.FromMilliseconds(1));

        Assert.Multiple(() =>
        {
            Assert.That(slow, Is.EqualTo(2), "the most at once, of those that are created now and then");
            Assert.That(batches.Max(), Is.GreaterThan(4), "the most at once, of a flood");
        });
    }

    [Test]
    public async Task Numbers_made_ahead_are_in_use_until_they_are_given_up()
    {
        Reopen(new() { MakeAhead = Make });
        var first = await Store.PrepareAsync("first");
        await Eventually.StandsStillAsync(() => _made.Count);
        var before = Store.NumbersInUse();
        var isInUse = _made.All(Store.IsInUse);

        var last = _made.Max();
        await Store.GiveUpAheadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.EqualTo(_made.Prepend(first.Number)));
            Assert.That(isInUse, Is.True);
            Assert.That(Store.NumbersInUse(), Is.EqualTo(new[] { first.Number }));
        });
        Assert.That((await Store.PrepareAsync("second")).Number, Is.GreaterThan(last), "A number that was given up is never handed out.");
    }

    [Test]
    public async Task Giving_up_waits_for_what_is_being_made()
    {
        var (begun, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        Reopen(new() { MakeAhead = numbers => { begun.SetResult(); return finish.Task; } });
        var first = await Store.PrepareAsync("first");
        await begun.Task;

        var given = Store.GiveUpAheadAsync();
        var isEarly = given.IsCompleted;
        finish.SetResult();
        await given;

        Assert.Multiple(() =>
        {
            Assert.That(isEarly, Is.False);
            Assert.That(Store.NumbersInUse(), Is.EqualTo(new[] { first.Number }));
        });
    }

    [Test]
    public async Task Snapshots_are_created_even_if_making_ahead_fails()
    {
        var failures = 0;
        Reopen(new() { MakeAhead = _ => { failures++; throw new IOException("full"); } });

        var first = await Store.PrepareAsync("first");
        await Store.GiveUpAheadAsync(); // The attempt is over.
        var second = await Store.PrepareAsync("second");
        await Store.GiveUpAheadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.EqualTo(2));
            Assert.That(Store.NumbersInUse(), Is.EqualTo(new[] { first.Number, second.Number }));
        });
    }

    [Test]
    public async Task A_failed_call_makes_nothing_ahead()
    {
        Reopen(new() { MakeAhead = Make });

        await ErrorOf(() => Store.CreateAsync(
            SnapshotKind.Active, "key", "", Calls.NoLabels, (_, _) => throw new SnapshotterException(SnapshotterError.ResourceExhausted, "full")));
        await Store.GiveUpAheadAsync();

        Assert.That(_made, Is.Empty);
    }

    [Test]
    public async Task A_call_begun_before_giving_up_makes_nothing_ahead()
    {
        var isCalled = false;
        Reopen(new() { MakeAhead = _ => { isCalled = true; return Task.CompletedTask; } });

        await Store.CreateAsync(SnapshotKind.Active, "key", "", Calls.NoLabels, async (_, _) => await Store.GiveUpAheadAsync());
        await Store.GiveUpAheadAsync();

        Assert.That(isCalled, Is.False);
    }

    [Test]
    public async Task The_number_made_ahead_grows_up_to_a_limit()
    {
        Reopen(new() { MakeAhead = Make });
        await Store.PrepareAsync("lonely");
        await Eventually.StandsStillAsync(() => _made.Count);
        var afterOne = _made.Count;

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => Store.PrepareAsync($"key {i}"))));
        await Eventually.StandsStillAsync(() => _made.Count);
        var unused = Store.NumbersInUse().Count - 501;

        Assert.Multiple(() =>
        {
            Assert.That(afterOne, Is.EqualTo(2));
            Assert.That(unused, Is.InRange(1, 64));
        });
    }

    [Test]
    public async Task Closing_waits_for_what_is_being_made()
    {
        var (begun, finish, isMade) = (new TaskCompletionSource(), new TaskCompletionSource(), false);
        Reopen(new()
        {
            MakeAhead = async _ =>
            {
                begun.SetResult();
                await finish.Task;
                isMade = true;
            },
        });
        await Store.PrepareAsync("first");
        await begun.Task;

        var closing = Task.Run(Store.Dispose);
        finish.SetResult();
        await closing;

        Assert.That(isMade, Is.True);
    }

    private Task Make(IReadOnlyList<long> numbers)
    {
        foreach (var number in numbers)
            _made.Enqueue(number);

        return Task.CompletedTask;
    }

    /// <summary>A clock that the test advances.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
