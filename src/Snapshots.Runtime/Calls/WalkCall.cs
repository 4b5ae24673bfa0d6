using System.ComponentModel;
using Containerd.Snapshots.Runtime.Calls;
using Containerd.Snapshots.Runtime.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace Containerd.Snapshots.CompilerServices;

/// <summary>A List call from containerd. For emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WalkCall : ReplyCall<IEnumerable<SnapshotInfo>>
{
    private const uint FiltersTag = (2 << 3) | WireMessage.Bytes;

    private List<string>? _filters;
    private SnapshotFilter _filter = SnapshotFilter.All;
    private bool _leaveOutOthers;

    internal WalkCall()
    {
    }

    /// <summary>The stream for the answer's messages.</summary>
    internal IServerStreamWriter<InfoBatch>? Stream { get; set; }

    /// <summary>The request's filter.</summary>
    public SnapshotFilter Filter => _filter;

    /// <summary>The request's filters in containerd's filter language, of which one must match; empty for all snapshots.</summary>
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

    /// <summary>Omits infos that do not match the filter, for a method without a filter parameter.</summary>
    public WalkCall OnlyMatching()
    {
        _leaveOutOthers = true;
        return this;
    }

    /// <summary>Answers with infos as the source yields them. Null fails the call with Internal.</summary>
    /// <param name="infos">What the method returned.</param>
    public ValueTask ReplyStream(IAsyncEnumerable<SnapshotInfo>? infos) => infos is null ? FailOnNull() : NewStream().WriteAsync(infos);

    /// <summary>Answers with infos as the source yields them, or with an error. Null fails the call with Internal.</summary>
    /// <param name="infos">What the method returned.</param>
    public ValueTask ReplyStream<T>(SnapshotResult<T> infos)
        where T : IAsyncEnumerable<SnapshotInfo>?
    {
        if (infos.IsSuccess)
            return ReplyStream(infos.Value);

        Fail(infos.Outcome);
        return default;
    }

    private protected override void ReadField(uint tag, ref ParseContext input)
    {
        if (tag == FiltersTag)
            (_filters ??= []).Add(input.ReadString());
        else
            base.ReadField(tag, ref input);
    }

    private protected override ValueTask Accept(IEnumerable<SnapshotInfo> payload) => NewStream().WriteAsync(payload);

    private InfoStream NewStream() => new(Stream!, _leaveOutOthers ? _filter : SnapshotFilter.All, Running);
}
