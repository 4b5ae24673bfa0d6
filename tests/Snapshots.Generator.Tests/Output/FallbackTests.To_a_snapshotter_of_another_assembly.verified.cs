//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    _fallback.Of(_snapshotter._part).Stat(call);

public override global::System.Threading.Tasks.ValueTask Update(global::Containerd.Snapshots.CompilerServices.UpdateCall call) =>
    _fallback.Of(_snapshotter._part).Update(call);

public override global::System.Threading.Tasks.ValueTask Usage(global::Containerd.Snapshots.CompilerServices.UsageCall call) =>
    _fallback.Of(_snapshotter._part).Usage(call);

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    _fallback.Of(_snapshotter._part).Mounts(call);

public override global::System.Threading.Tasks.ValueTask Prepare(global::Containerd.Snapshots.CompilerServices.PrepareCall call) =>
    _fallback.Of(_snapshotter._part).Prepare(call);

public override global::System.Threading.Tasks.ValueTask View(global::Containerd.Snapshots.CompilerServices.ViewCall call) =>
    _fallback.Of(_snapshotter._part).View(call);

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call) =>
    _fallback.Of(_snapshotter._part).Commit(call);

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call) =>
    _fallback.Of(_snapshotter._part).Remove(call);

public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    _fallback.Of(_snapshotter._part).Walk(call);

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call) =>
    _fallback.Of(_snapshotter._part).Cleanup(call);
