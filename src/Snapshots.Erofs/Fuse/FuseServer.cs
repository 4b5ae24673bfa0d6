using System.Collections.Concurrent;
using Containerd.Snapshots.Shared;

namespace Containerd.Snapshots.Erofs.Fuse;

/// <summary>
/// Serves a device with a few threads. A read that has to wait for chunks takes no thread and no buffer meanwhile.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="handler">Answers the requests.</param>
/// <param name="initialized">Called on the server's thread after INIT was answered.</param>
internal sealed class FuseServer(FuseDevice device, FuseHandler handler, Action initialized)
{
    private const int MaxThreads = 4, LateBufferCount = 2;

    private readonly ConcurrentDictionary<ulong, CancellationTokenSource> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _lateBuffers = new(LateBufferCount);
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Thread> _threads = [];

    /// <summary>Ends when the file system is unmounted, and fails if the device does.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to serve.</summary>
    public void Start()
    {
        for (var i = Math.Clamp(Environment.ProcessorCount, 2, MaxThreads); i > 0; i--)
        {
            var thread = new Thread(Serve) { IsBackground = true, Name = "fuse" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Ends the threads. Reads that wait get no answer: the next server gets them again.</summary>
    public async Task StopAsync()
    {
        device.Stop();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.Run(() => _threads.ForEach(thread => thread.Join())).ConfigureAwait(false);
        while (!_waiting.IsEmpty)
            await Task.Yield();
    }

    private void Serve()
    {
        var request = GC.AllocateUninitializedArray<byte>(FuseSession.MaxRequest, pinned: true);
        var reply = GC.AllocateUninitializedArray<byte>(FuseHandler.ReplyLength, pinned: true);
        try
        {
            while (device.Read(request) is > 0 and var length)
                Serve(request.AsSpan(0, length), reply);
        }
        catch (IOException exception)
        {
            _ended.TrySetException(exception);
        }

        if (!device.IsStopped)
            _ended.TrySetResult();
    }

    private void Serve(ReadOnlySpan<byte> request, Span<byte> reply)
    {
        var before = handler.Session;
        var answer = handler.Answer(request, reply);
        switch (answer.Kind)
        {
            case FuseAnswerKind.Reply:
                device.Write(reply[..answer.Length]);
                if (handler.Session != before)
                    initialized();
                break;
            case FuseAnswerKind.Content:
                device.Write(reply[..answer.Length]);
                answer.Image!.DropPages(answer.Offset, answer.Length - FuseReply.HeaderLength);
                break;
            case FuseAnswerKind.Wait:
                _ = AnswerLaterAsync(answer);
                break;
            case FuseAnswerKind.Interrupt:
                Interrupt(answer);
                break;
        }
    }

    private void Interrupt(in FuseAnswer answer)
    {
        if (_waiting.TryGetValue(answer.Interrupted, out var waiting))
            Cancel(waiting);
        else
            WriteError(answer.Id, Errno.TryAgain); // Another thread has just read the request, or answers it: the kernel repeats the interrupt then.
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request was answered meanwhile.
        }
    }

    private async Task AnswerLaterAsync(FuseAnswer read)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _waiting[read.Id] = interrupted;
        try
        {
            var wait = await read.Image!.WaitAsync(read.Offset, read.Length, interrupted.Token).ConfigureAwait(false);
            await _lateBuffers.WaitAsync(interrupted.Token).ConfigureAwait(false);
            WriteContent(read, wait);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            if (!_stopping.IsCancellationRequested)
                WriteError(read.Id, Errno.Interrupted);
        }
        catch (Exception)
        {
            WriteError(read.Id, Errno.InputOutput); // The image has reported it.
        }
        finally
        {
            _waiting.TryRemove(new(read.Id, interrupted));
        }
    }

    private void WriteContent(in FuseAnswer read, Lazy.ChunkWait wait)
    {
        try
        {
            var reply = _free.TryTake(out var free) ? free : GC.AllocateUninitializedArray<byte>(FuseHandler.ReplyLength, pinned: true);
            var count = read.Image!.ReadWaited(wait, read.Offset, reply.AsSpan(FuseReply.HeaderLength, read.Length));
            device.Write(reply.AsSpan(0, FuseReply.WriteHeader(reply, read.Id, 0, count)));
            read.Image.DropPages(read.Offset, count);
            _free.Add(reply);
        }
        finally
        {
            _lateBuffers.Release();
        }
    }

    private void WriteError(ulong id, int error)
    {
        Span<byte> reply = stackalloc byte[FuseReply.HeaderLength];
        device.Write(reply[..FuseReply.WriteHeader(reply, id, error)]);
    }
}
