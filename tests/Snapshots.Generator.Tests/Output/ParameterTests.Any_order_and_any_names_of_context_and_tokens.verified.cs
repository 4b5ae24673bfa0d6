//HintName: Samples.Example.72cc9459.g.cs
public override global::System.Threading.Tasks.ValueTask Update(global::Containerd.Snapshots.CompilerServices.UpdateCall call) =>
    call.NullIsNotFound().Reply(_snapshotter.Update(call.FieldPaths, call.Info));

public override global::System.Threading.Tasks.ValueTask View(global::Containerd.Snapshots.CompilerServices.ViewCall call) =>
    call.ReplyOne(_snapshotter.View(call.CancellationToken, call.Labels, call.Context, call.Parent, call.Key));

public override global::System.Threading.Tasks.ValueTask Commit(global::Containerd.Snapshots.CompilerServices.CommitCall call)
{
    _snapshotter.Commit(call.Key, call.CancellationToken, call.Name, call.CancellationToken);
    return call.Reply();
}
