namespace Containerd.Snapshots.Tests.Remote;

/// <summary>A program that a test writes.</summary>
internal static class Script
{
    public static void Write(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
