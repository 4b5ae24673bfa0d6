using System.Collections.Immutable;
using Containerd.Snapshots.Tests.Overlay.Fixtures;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.Tests.Overlay.Torture;

/// <summary>
/// A client that makes random calls about its own snapshots, one by one. It records the answered calls and the one that
/// may have no answer.
/// </summary>
/// <param name="durable">Gets the files that are synced now and then, for crashes that lose others; null to sync none.</param>
/// <param name="share">The layer that the snapshotter can supply itself, or null.</param>
internal sealed class Worker(int id, Random random, UsedNumbers numbers, SnapshotFiles files, DurableFiles? durable, LastSync sync, SharedLayer? share)
{
    private const int Many = 40;

    private ImmutableDictionary<string, Known> _answered = ImmutableDictionary<string, Known>.Empty;
    private ImmutableDictionary<string, Known>? _pending;

    // The states before the removals that are not certainly durable, the oldest first, and when each removal was answered.
    private readonly List<(ImmutableDictionary<string, Known> State, long Answered)> _beforeRemovals = [];
    private int _steps;

    // Makes a call and returns the state after it: the expected one, with the number that the answer gives.
    private delegate Task<ImmutableDictionary<string, Known>> Call(Wire.Snapshots.SnapshotsClient calls, ImmutableDictionary<string, Known> known);

    /// <summary>The number of its snapshots.</summary>
    public int Count => _answered.Count;

    /// <summary>How many removed snapshots the last crash has brought back.</summary>
    public int Returned { get; private set; }

    private string Prefix => $"worker {id}/";

    /// <summary>Makes calls until one is not answered.</summary>
    public async Task WorkAsync(Wire.Snapshots.SnapshotsClient calls, Action answered)
    {
        for (; ; )
        {
            var begin = LastSync.Now;
            (_pending, var call) = Choose();
            var known = await call(calls, _pending);
            Keep(known, begin);
            answered();
        }
    }

    /// <summary>
    /// Asserts that a new process has every answered call, and the unanswered one wholly or not at all. Continues from
    /// what it has.
    /// </summary>
    /// <param name="all">What the new process has.</param>
    /// <param name="removalsMayReturn">Whether it may lack the last removals, if nothing durable was answered after them.</param>
    /// <returns>Whether the call without an answer was done; null if there is none.</returns>
    public bool? AssertKept(IReadOnlyDictionary<string, Known> all, bool removalsMayReturn)
    {
        var found = all.Where(each => each.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToImmutableDictionary();
        var earlier = removalsMayReturn ? _beforeRemovals.Where(each => !sync.Covers(each.Answered)).Select(each => each.State).ToList() : [];
        bool? isDone = _pending is null ? null : Known.AreSame(_pending, found) && !Known.AreSame(_answered, found);
        if (isDone != true && !Known.AreSame(_answered, found) && !earlier.Exists(state => Known.AreSame(state, found)))
            throw new AssertionException(
                $"Answered: {Text(_answered)}\nor: {(_pending is null ? "no other" : Text(_pending))}\nor before the last {earlier.Count} removals: {(earlier.Count == 0 ? "" : Text(earlier[0]))}\nfound: {Text(found)}");

        // The answer of View gives no number, and a call without an answer neither.
        var known = earlier.Append(_answered).SelectMany(state => state.Values).Select(snapshot => snapshot.Number);
        foreach (var snapshot in found.Values.ExceptBy(known, snapshot => snapshot.Number))
            numbers.AssertNew(snapshot.Number);

        Returned = isDone == true ? 0 : found.Keys.Except(_answered.Keys).Count();
        _beforeRemovals.Clear();
        (_answered, _pending) = (found, null);
        return isDone;
    }

    // Every change but a removal is durable when it is answered, with all removals that were answered before it began.
    private void Keep(ImmutableDictionary<string, Known> known, long begin)
    {
        if (known.Count < _answered.Count)
        {
            _beforeRemovals.Add((_answered, LastSync.Now));
        }
        else
        {
            _beforeRemovals.Clear();
            sync.Answered(begin);
        }

        (_answered, _pending) = (known, null);
    }

    // Chooses the next call and the state after it. Only one worker calls Cleanup, which takes the rest of the processor.
    private (ImmutableDictionary<string, Known> Known, Call Call) Choose()
    {
        _steps++;
        return (_answered.Count > Many ? 75 : random.Next(100)) switch
        {
            < 20 when Any(Kind.Active) is { } key => Commit(key),
            < 35 when Any() is { } name => Update(name),
            < 45 when Any(Kind.Committed) is { } parent => View(parent),
            < 55 when share is not null => Supply(share, random.Next(4) > 0 ? Any(Kind.Committed) ?? "" : ""),
            < 58 when share is not null && Any(Supplied()) is { } name => SupplyAgain(share, name),
            >= 70 and < 97 when Childless() is { } name => Remove(name),
            >= 97 when id == 0 => (_answered, AnswerOf(calls => calls.CleanupAsync(new()))),
            _ => Prepare(random.Next(4) > 0 ? Any(Kind.Committed) ?? "" : ""),
        };
    }

    private (ImmutableDictionary<string, Known>, Call) Prepare(string parent)
    {
        var (key, label) = ($"{Prefix}active {_steps}", $"{_steps}");
        Call call = async (calls, known) =>
        {
            var answer = await calls.PrepareAsync(new() { Key = key, Parent = parent, Labels = { [Known.LabelName] = label } });
            var number = await files.WriteAsync(answer.Mounts.Single(), random);
            if (random.Next(4) == 0)
                durable?.Sync(number, answer.Mounts.Writable());
            numbers.AssertNew(number);
            numbers.Mark(number);
            return known.SetItem(key, known[key] with { Number = number });
        };
        return (_answered.Add(key, new(Kind.Active, parent, label, Number: 0)), call);
    }

    private (ImmutableDictionary<string, Known>, Call) View(string parent)
    {
        var (key, label) = ($"{Prefix}view {_steps}", $"{_steps}");
        return (
            _answered.Add(key, new(Kind.View, parent, label, Number: 0)),
            AnswerOf(calls => calls.ViewAsync(new() { Key = key, Parent = parent, Labels = { [Known.LabelName] = label } })));
    }

    // The snapshotter commits the layer itself.
    private (ImmutableDictionary<string, Known>, Call) Supply(SharedLayer layer, string parent)
    {
        var (name, label) = ($"{Prefix}{SharedLayer.Name} {_steps}", $"{_steps}");
        return (_answered.Add(name, new(Kind.Committed, parent, label, Number: 0)), SuppliedAnswer(layer, name, parent, label));
    }

    private (ImmutableDictionary<string, Known>, Call) SupplyAgain(SharedLayer layer, string name) =>
        (_answered, SuppliedAnswer(layer, name, _answered[name].Parent, $"{_steps}"));

    private Call SuppliedAnswer(SharedLayer layer, string name, string parent, string label)
    {
        var request = layer.Request($"{Prefix}extract {_steps}", name, parent);
        request.Labels[Known.LabelName] = label;
        return async (calls, known) =>
        {
            var status = await Rpc.StatusOfAsync(() => calls.PrepareAsync(request).ResponseAsync);
            return status.StatusCode switch
            {
                StatusCode.AlreadyExists => known,
                StatusCode.Unavailable => throw new RpcException(status),
                _ => throw new AssertionException($"The layer {name} on \"{parent}\" was not supplied: {status}"),
            };
        };
    }

    private IEnumerable<string> Supplied() => _answered.Keys.Where(name => name.StartsWith($"{Prefix}{SharedLayer.Name} ", StringComparison.Ordinal));

    private (ImmutableDictionary<string, Known>, Call) Commit(string key)
    {
        var (name, label) = ($"{Prefix}layer {_steps}", $"{_steps}");
        return (
            _answered.Remove(key).Add(name, _answered[key] with { Kind = Kind.Committed, Label = label }),
            AnswerOf(calls => calls.CommitAsync(new() { Name = name, Key = key, Labels = { [Known.LabelName] = label } })));
    }

    private (ImmutableDictionary<string, Known>, Call) Update(string name)
    {
        var label = $"{_steps}";
        return (
            _answered.SetItem(name, _answered[name] with { Label = label }),
            AnswerOf(calls => calls.UpdateAsync(new()
            {
                Info = new() { Name = name, Labels = { [Known.LabelName] = label } },
                UpdateMask = new() { Paths = { $"labels.{Known.LabelName}" } },
            })));
    }

    private (ImmutableDictionary<string, Known>, Call) Remove(string name) =>
        (_answered.Remove(name), AnswerOf(calls => calls.RemoveAsync(new() { Key = name })));

    private static Call AnswerOf<T>(Func<Wire.Snapshots.SnapshotsClient, AsyncUnaryCall<T>> call) => async (calls, known) =>
    {
        await call(calls);
        return known;
    };

    private string? Any(Kind? kind = null) => Any(_answered.Where(each => kind is null || each.Value.Kind == kind).Select(each => each.Key));

    private string? Childless() => Any(_answered.Keys.Except(_answered.Values.Select(each => each.Parent)));

    private string? Any(IEnumerable<string> names) => names.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } all ? all[random.Next(all.Count)] : null;

    private static string Text(ImmutableDictionary<string, Known> known) =>
        string.Join("\n  ", known.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}: {each.Value}").Prepend(""));
}
