//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Stat(call.Key, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Update(global::Containerd.Snapshots.CompilerServices.UpdateCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Update(call.Info, call.FieldPaths, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Usage(global::Containerd.Snapshots.CompilerServices.UsageCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Usage(call.Key, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    call.NullIsNotFound().ReplyOne(_snapshotter.Mounts(call.Key, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Prepare(global::Containerd.Snapshots.CompilerServices.PrepareCall call) =>
    call.ReplyOne(_snapshotter.Prepare(call.Key, call.Parent, call.Labels, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask View(global::Containerd.Snapshots.CompilerServices.ViewCall call) =>
    call.ReplyOne(_snapshotter.View(call.Key, call.Parent, call.Labels, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    _snapshotter.Commit(call.Name, call.Key, call.Parent, call.Labels, call.Context, call.CancellationToken);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    _snapshotter.Remove(call.Key, call.Context, call.CancellationToken);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.Reply(_snapshotter.Walk(call.Filter, call.Context, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    _snapshotter.Cleanup(call.Context, call.CancellationToken);
    return call.Reply();
}
