namespace Containerd.Snapshots.Tests.Hostile.Http2;

/// <summary>The types of frames (RFC 9113, section 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    Reset = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>The flags of frames. Two have the same bit.</summary>
internal static class FrameFlags
{
    public const byte None = 0, Acknowledge = 1, EndStream = 1, EndHeaders = 4, Padded = 8, Priority = 32;
}

/// <summary>The settings that these tests send (RFC 9113, section 6.5.2).</summary>
internal enum Setting : ushort
{
    HeaderTableSize = 1,
    EnablePush = 2,
    InitialWindowSize = 4,
    MaxFrameSize = 5,
}

/// <summary>The error codes that these tests send or know (RFC 9113, section 7).</summary>
internal enum Http2Error : uint
{
    None = 0,
    Cancel = 8,
    EnhanceYourCalm = 11,
}
