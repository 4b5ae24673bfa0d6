//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Stat());

public override global::System.Threading.Tasks.ValueTask Mounts(global::Containerd.Snapshots.CompilerServices.MountsCall call) =>
    call.NullIsNotFound().ReplyOne(_snapshotter.Mounts());

public override global::System.Threading.Tasks.ValueTask Prepare(global::Containerd.Snapshots.CompilerServices.PrepareCall call) =>
    call.ReplyOne(_snapshotter.Prepare());

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    _snapshotter.Commit();
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    _snapshotter.Remove();
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Walk(global::Containerd.Snapshots.CompilerServices.WalkCall call) =>
    call.OnlyMatching().Reply(_snapshotter.Walk());
