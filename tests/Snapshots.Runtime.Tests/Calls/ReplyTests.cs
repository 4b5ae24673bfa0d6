using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.Wire;

namespace Containerd.Snapshots.Tests.Calls;

/// <summary>Calls are answered with every type that a method can return.</summary>
internal sealed class ReplyTests
{
    private static readonly SnapshotInfo Info = new() { Name = "n", Kind = SnapshotKind.Active };

    private static readonly Mount Mount = Mount.Bind("/m");

    [Test]
    public async Task A_task_answers_a_call_without_a_payload()
    {
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await OutcomeOf(new RemoveCall(), call => call.Reply(Task.CompletedTask)), Is.EqualTo(SnapshotResult.Success));
            Assert.That(await OutcomeOf(new RemoveCall(), call => call.Reply(Task.FromResult(SnapshotResult.Success))), Is.EqualTo(SnapshotResult.Success));
            Assert.That(await OutcomeOf(new RemoveCall(), call => call.Reply(Task.FromResult(SnapshotResult.NotFound("k")))), Is.EqualTo(SnapshotResult.NotFound("k")));
            Assert.That(async () => await new RemoveCall().Reply(Task.FromException(new IOException())), Throws.InstanceOf<IOException>());
        });
    }

    [Test]
    public async Task A_payload_answers_a_call_now_or_later_or_an_error_does() => await Assert.MultipleAsync(async () =>
    {
        foreach (var reply in (Func<StatCall, ValueTask>[])
        [
            call => call.Reply(Info),
            call => call.Reply(Task.FromResult(Info)),
            call => call.Reply(Later(Info)),
            call => call.Reply(SnapshotResult.Of(Info)),
            call => call.Reply(Task.FromResult(SnapshotResult.Of(Info))),
            call => call.Reply(Later(SnapshotResult.Of(Info))),
        ])
        {
            var call = new StatCall();
            Assert.That(await OutcomeOf(call, reply), Is.EqualTo(SnapshotResult.Success));
            Assert.That(Size(call), Is.Positive);
        }

        SnapshotResult<SnapshotInfo> missing = SnapshotResult.NotFound("k");
        foreach (var reply in (Func<StatCall, ValueTask>[])
        [
            call => call.Reply(missing),
            call => call.Reply(Task.FromResult(missing)),
            call => call.Reply(Later(missing)),
        ])
            Assert.That(await OutcomeOf(new StatCall(), reply), Is.EqualTo(SnapshotResult.NotFound("k")));
    });

    [Test]
    public async Task One_mount_answers_a_call_now_or_later_or_an_error_does() => await Assert.MultipleAsync(async () =>
    {
        var several = new MountsCall();
        await several.Reply((Mount[])[Mount]);

        foreach (var reply in (Func<MountsCall, ValueTask>[])
        [
            call => call.ReplyOne(Mount),
            call => call.ReplyOne(Task.FromResult<Mount?>(Mount)),
            call => call.ReplyOne(Later<Mount?>(Mount)),
            call => call.ReplyOne(SnapshotResult.Of<Mount?>(Mount)),
            call => call.ReplyOne(Task.FromResult(SnapshotResult.Of<Mount?>(Mount))),
            call => call.ReplyOne(Later(SnapshotResult.Of<Mount?>(Mount))),
        ])
        {
            var call = new MountsCall();
            Assert.That(await OutcomeOf(call, reply), Is.EqualTo(SnapshotResult.Success));
            Assert.That(Size(call), Is.EqualTo(Size(several)));
        }

        SnapshotResult<Mount?> missing = SnapshotResult.NotFound("k");
        foreach (var reply in (Func<MountsCall, ValueTask>[])
        [
            call => call.ReplyOne(missing),
            call => call.ReplyOne(Task.FromResult(missing)),
            call => call.ReplyOne(Later(missing)),
        ])
            Assert.That(await OutcomeOf(new MountsCall(), reply), Is.EqualTo(SnapshotResult.NotFound("k")));
    });

    [Test]
    public async Task Null_where_the_declaration_does_not_allow_it_is_internal() => await Assert.MultipleAsync(async () =>
    {
        Assert.That(await OutcomeOf(new RemoveCall(), call => call.Reply((Task?)null)), Is.EqualTo(Null("Remove")));
        Assert.That(await OutcomeOf(new RemoveCall(), call => call.Reply((Task<SnapshotResult>?)null)), Is.EqualTo(Null("Remove")));
        Assert.That(await OutcomeOf(new StatCall(), call => call.Reply((SnapshotInfo?)null)), Is.EqualTo(Null("Stat")));
        Assert.That(await OutcomeOf(new StatCall(), call => call.Reply((Task<SnapshotInfo>?)null)), Is.EqualTo(Null("Stat")));
        Assert.That(await OutcomeOf(new StatCall(), call => call.Reply((Task<SnapshotResult<SnapshotInfo>>?)null)), Is.EqualTo(Null("Stat")));
        Assert.That(await OutcomeOf(new MountsCall(), call => call.ReplyOne((Mount?)null)), Is.EqualTo(Null("Mounts")));
        Assert.That(await OutcomeOf(new MountsCall(), call => call.ReplyOne((Task<Mount?>?)null)), Is.EqualTo(Null("Mounts")));
        Assert.That(await OutcomeOf(new MountsCall(), call => call.ReplyOne(SnapshotResult.Of<Mount?>(null))), Is.EqualTo(Null("Mounts")));
        Assert.That(await OutcomeOf(new MountsCall(), call => call.ReplyOne((Task<SnapshotResult<Mount?>>?)null)), Is.EqualTo(Null("Mounts")));
        Assert.That(await OutcomeOf(new WalkCall(), call => call.ReplyStream((IAsyncEnumerable<SnapshotInfo>?)null)), Is.EqualTo(Null("Walk")));
    });

    [Test]
    public async Task One_mount_of_a_nullable_type_may_be_missing() =>
        Assert.That((await OutcomeOf(new MountsCall(), call => call.NullIsNotFound().ReplyOne((Mount?)null))).Error, Is.EqualTo(SnapshotterError.NotFound));

    [TestCase(0)]
    [TestCase(1)]
    public void A_null_among_the_mounts_is_internal(int index)
    {
        var mounts = new List<Mount> { Mount };
        mounts.Insert(index, null!);

        Assert.That(
            async () => await new MountsCall().Reply(mounts),
            Throws.InstanceOf<SnapshotterException>().With.Message.EqualTo("the snapshotter's Mounts returned a null mount").And.Property("Error").EqualTo(SnapshotterError.Internal));
    }

    // Whoever waits for the result blocks its thread.
    [Test]
    public async Task A_method_that_has_not_returned_holds_no_thread()
    {
        var info = new TaskCompletionSource<SnapshotInfo>();
        var infoOrError = new TaskCompletionSource<SnapshotResult<SnapshotInfo>>();
        var mount = new TaskCompletionSource<Mount?>();
        var mountOrError = new TaskCompletionSource<SnapshotResult<Mount?>>();
        try
        {
            await Eventually.Within(Task.Run(() =>
            {
                _ = new StatCall().Reply(new ValueTask<SnapshotInfo>(info.Task)).AsTask();
                _ = new StatCall().Reply(new ValueTask<SnapshotResult<SnapshotInfo>>(infoOrError.Task)).AsTask();
                _ = new MountsCall().ReplyOne(new ValueTask<Mount?>(mount.Task)).AsTask();
                _ = new MountsCall().ReplyOne(new ValueTask<SnapshotResult<Mount?>>(mountOrError.Task)).AsTask();
            }));
        }
        finally
        {
            info.SetResult(Info);
            infoOrError.SetResult(Info);
            mount.SetResult(Mount);
            mountOrError.SetResult(Mount);
        }
    }

    [Test]
    public void What_a_method_asks_for_twice_is_made_once()
    {
        var update = new UpdateCall();
        var commit = Read(new CommitCall(), new Wire.CommitSnapshotRequest { Labels = { ["a"] = "1" } });

        var first = (update.Info, update.FieldPaths, commit.Labels);

        Assert.Multiple(() =>
        {
            Assert.That(update.Info, Is.SameAs(first.Info));
            Assert.That(update.FieldPaths, Is.SameAs(first.FieldPaths));
            Assert.That(commit.Labels, Is.SameAs(first.Labels));
        });
    }

    private static SnapshotResult Null(string call) =>
        SnapshotResult.Failure(SnapshotterError.Internal, $"the snapshotter's {call} returned null, which its declaration does not allow");

    private static async Task<SnapshotResult> OutcomeOf<T>(T call, Func<T, ValueTask> reply)
        where T : SnapshotCall
    {
        await reply(call);
        return call.Outcome;
    }

    private static async ValueTask<T> Later<T>(T payload)
    {
        await Task.Yield();
        return payload;
    }

    private static int Size(SnapshotCall call)
    {
        using var output = new WireWriter();
        call.Write(output);
        return output.Length;
    }

    private static T Read<T>(T call, Google.Protobuf.IMessage request)
        where T : SnapshotCall
    {
        call.Read(new(Google.Protobuf.MessageExtensions.ToByteArray(request)));
        return call;
    }
}
