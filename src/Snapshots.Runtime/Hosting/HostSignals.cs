using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Containerd.Snapshots.Hosting;

/// <summary>SIGTERM and SIGINT stop the host in order; a second one ends the process at once, as if nobody handled it.</summary>
internal sealed class HostSignals(IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (IEnumerable<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            return;

        context.Cancel = true;
        lifetime.StopApplication();
    }
}
