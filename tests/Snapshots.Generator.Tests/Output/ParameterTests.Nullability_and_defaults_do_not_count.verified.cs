//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Stat(call.Key, call.CancellationToken));

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    _snapshotter.Commit(call.Name, call.Key, call.Labels);
    return call.Reply();
}
