using System.Globalization;
using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Benchmarks.Wire;

/// <summary>Prints the bytes allocated so far, at each SIGUSR1 from the benchmark.</summary>
internal static class AllocationReport
{
    // .NET has no name for this signal, but accepts Linux's number.
    private const PosixSignal UserSignal = (PosixSignal)10;

    public static IDisposable Begin() => PosixSignalRegistration.Create(UserSignal, Print);

    private static void Print(PosixSignalContext context)
    {
        context.Cancel = true; // By default the signal ends the process.
        Console.Out.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
    }
}
