//HintName: Samples.Example.4390bda8.g.cs
public override global::System.Threading.Tasks.ValueTask Remove(global::Containerd.Snapshots.CompilerServices.RemoveCall call)
{
    call.Part(_snapshotter.Fallback, "Fallback").Remove(call.Key);
    return call.Reply();
}

public override global::System.Threading.Tasks.ValueTask Cleanup(global::Containerd.Snapshots.CompilerServices.CleanupCall call)
{
    _snapshotter.Cleanup();
    return call.Reply();
}
