using System.ComponentModel;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A List from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WalkCall : ReplyCall<IEnumerable<SnapshotInfo>>
{
    private const int FiltersField = 2;

    private List<string>? _filters;
    private SnapshotFilter _filter = SnapshotFilter.All;
    private bool _leaveOutOthers;

    internal WalkCall()
    {
    }

    /// <summary>Where the answer goes, message by message.</summary>
    internal IServerStreamWriter<InfoBatch>? Stream { get; set; }

    /// <summary>Which snapshots are asked for.</summary>
    public SnapshotFilter Filter => _filter;

    /// <summary>Which snapshots are asked for, in containerd's filter language; any of the filters may match.</summary>
    public IReadOnlyList<string> Filters => _filter.Filters;

    internal override string CallName => "Walk";

    internal override ValueTask AnswerAsync(SnapshotterService service) => service.Walk(this);

    internal override SnapshotResult Check()
    {
        if (_filters is null)
            return SnapshotResult.Success;

        if (!SnapshotFilter.TryParse(_filters, out var filter, out var error))
            return SnapshotResult.InvalidArgument(error);

        _filter = filter;
        return SnapshotResult.Success;
    }

    /// <summary>From now on infos that do not match the filter are left out, for a method that takes no filter.</summary>
    public WalkCall OnlyMatching()
    {
        _leaveOutOthers = true;
        return this;
    }

    /// <summary>Answers with infos as they come; null is an error of the snapshotter.</summary>
    /// <param name="infos">What the method returned.</param>
    public ValueTask ReplyStream(IAsyncEnumerable<SnapshotInfo>? infos) => infos is null ? FailOnNull() : NewStream().WriteAsync(infos);

    /// <summary>Answers with infos as they come, or an error; null is an error of the snapshotter.</summary>
    /// <param name="infos">What the method returned.</param>
    public ValueTask ReplyStream<T>(SnapshotResult<T> infos)
        where T : IAsyncEnumerable<SnapshotInfo>?
    {
        if (infos.IsSuccess)
            return ReplyStream(infos.Value);

        Fail(infos.Outcome);
        return default;
    }

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(FiltersField))
            (_filters ??= []).Add(reader.ReadText());
        else
            base.ReadField(ref reader);
    }

    private protected override ValueTask Accept(IEnumerable<SnapshotInfo> payload) => NewStream().WriteAsync(payload);

    private InfoStream NewStream() => new(Stream!, _leaveOutOthers ? _filter : SnapshotFilter.All, Running);
}
