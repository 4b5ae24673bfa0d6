//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.Reply(_snapshotter.Stat(call.Key));

public override global::System.Threading.Tasks.ValueTask Update(global::Containerd.Snapshots.CompilerServices.UpdateCall call) =>
    call.Reply(_snapshotter.Update(call.Info));

public override global::System.Threading.Tasks.ValueTask Usage(global::Containerd.Snapshots.CompilerServices.UsageCall call) =>
    call.Reply(_snapshotter.Usage(call.Key));

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    call.ReplyOne(_snapshotter.Mounts(call.Key));

public override global::System.Threading.Tasks.ValueTask Prepare(global::Containerd.Snapshots.CompilerServices.PrepareCall call) =>
    call.Reply(_snapshotter.Prepare(call.Key));

public override global::System.Threading.Tasks.ValueTask View(global::Containerd.Snapshots.CompilerServices.ViewCall call) =>
    call.Reply(_snapshotter.View(call.Key));

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    _snapshotter.Commit(call.Name, call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    _snapshotter.Remove(call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.OnlyMatching().Reply(_snapshotter.Walk());

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    _snapshotter.Cleanup();
    return call.Reply();
}
