//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Stat(global::Containerd.Snapshots.CompilerServices.StatCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Stat(call.Key));

public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    _snapshotter.Remove(call.Key);
    return call.Reply();
}
