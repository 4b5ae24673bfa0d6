using System.Runtime.InteropServices;

namespace Containerd.Snapshots.Shared;

/// <summary>
/// The system calls that .NET does not offer. A call that can fail returns an <see cref="Errno"/>, 0 for success;
/// <see cref="Failed"/> makes an exception of it. Names are bytes that end in a zero: they need not be valid UTF-8.
/// </summary>
internal static partial class Linux
{
    /// <summary>The exception for an error, with the error number as its <see cref="Exception.HResult"/>, as .NET sets it.</summary>
    /// <param name="error">The error number.</param>
    /// <param name="what">What failed, as the start of a sentence: <c>cannot open "..."</c>.</param>
    public static IOException Failed(int error, string what) => new($"{what}: {Text(error)}", error);

    /// <summary>The error in the kernel's words.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static int Result(int result) => result >= 0 ? 0 : Marshal.GetLastPInvokeError();
}
