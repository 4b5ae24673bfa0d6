//HintName: Samples.Example.72cc9459.g.cs
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
