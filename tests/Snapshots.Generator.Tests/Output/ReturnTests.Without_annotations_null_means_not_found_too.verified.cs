//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Stat(call.Key));

public override global::System.Threading.Tasks.ValueTask Usage(global::Containerd.Snapshots.CompilerServices.UsageCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Usage(call.Key));

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Mounts(call.Key));
