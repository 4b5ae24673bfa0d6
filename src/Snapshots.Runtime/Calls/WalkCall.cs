using System.ComponentModel;
using Containerd.Snapshots.Wire;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A List from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WalkCall : ReplyCall
{
    private readonly ListSnapshotsRequest _request;
    private readonly IServerStreamWriter<ListSnapshotsResponse> _stream;
    private SnapshotFilter _filter = SnapshotFilter.All;
    private bool _leaveOutOthers;

    internal WalkCall(ListSnapshotsRequest request, IServerStreamWriter<ListSnapshotsResponse> stream, ServerCallContext grpc)
        : base(grpc)
    {
        _request = request;
        _stream = stream;
    }

    /// <summary>Which snapshots are asked for.</summary>
    public SnapshotFilter Filter => _filter;

    /// <summary>Which snapshots are asked for, in containerd's filter language; any of the filters may match.</summary>
    public IReadOnlyList<string> Filters => _filter.Filters;

    internal override string CallName => "Walk";

    internal override string Snapshotter => _request.Snapshotter;

    internal override SnapshotResult Check()
    {
        if (_request.Filters.Count == 0)
            return SnapshotResult.Success;

        if (!SnapshotFilter.TryParse(_request.Filters, out var filter, out var error))
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

    private protected override ValueTask Accept(object payload)
    {
        var stream = new InfoStream(_stream, _leaveOutOthers ? _filter : SnapshotFilter.All, Running);

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
