//HintName: Samples.All.21577d8c.g.cs
public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.OnlyMatching().Reply(_snapshotter.Walk(call.Context));

//HintName: Samples.ByFilter.3016a65e.g.cs
public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.Reply(_snapshotter.Walk(call.Filter));

//HintName: Samples.ByFilters.e0a798d7.g.cs
public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.Reply(_snapshotter.Walk(call.Filters));

//HintName: Samples.Stream.48feef4d.g.cs
public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.OnlyMatching().ReplyStream(_snapshotter.WalkAsync(call.CancellationToken));

//HintName: Samples.FilteredStream.17911b4e.g.cs
public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.ReplyStream(_snapshotter.Walk(call.Filter));
