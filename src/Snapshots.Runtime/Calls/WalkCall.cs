using System.ComponentModel;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A List from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WalkCall : ReplyCall
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

    /// <summary>Answers with those infos that match the filter, for a method that yields all.</summary>
    /// <inheritdoc cref="ReplyCall.Reply{T}(T)"/>
    public ValueTask ReplyMatching<T>(T payload) => LeaveOutOthers().Reply(payload);

    /// <inheritdoc cref="ReplyMatching{T}(T)"/>
    public ValueTask ReplyMatching<T>(Task<T>? payload) => LeaveOutOthers().Reply(payload);

    /// <inheritdoc cref="ReplyMatching{T}(T)"/>
    public ValueTask ReplyMatching<T>(ValueTask<T> payload) => LeaveOutOthers().Reply(payload);

    /// <inheritdoc cref="ReplyMatching{T}(T)"/>
    public ValueTask ReplyMatching<T>(SnapshotResult<T> payload) => LeaveOutOthers().Reply(payload);

    /// <inheritdoc cref="ReplyMatching{T}(T)"/>
    public ValueTask ReplyMatching<T>(Task<SnapshotResult<T>>? payload) => LeaveOutOthers().Reply(payload);

    /// <inheritdoc cref="ReplyMatching{T}(T)"/>
    public ValueTask ReplyMatching<T>(ValueTask<SnapshotResult<T>> payload) => LeaveOutOthers().Reply(payload);

    private protected override void ReadField(ref WireReader reader)
    {
        if (reader.IsBytes(FiltersField))
            (_filters ??= []).Add(reader.ReadText());
        else
            base.ReadField(ref reader);
    }

    private protected override ValueTask Accept(object payload)
    {
        var stream = new InfoStream(Stream!, _leaveOutOthers ? _filter : SnapshotFilter.All, Running);

        return payload is IAsyncEnumerable<SnapshotInfo> infos
            ? stream.WriteAsync(infos)
            : stream.WriteAsync((IEnumerable<SnapshotInfo>)payload);
    }

    private WalkCall LeaveOutOthers()
    {
        _leaveOutOthers = true;
        return this;
    }
}
