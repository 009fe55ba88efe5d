using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>What unix(7) sockets can besides bytes.</summary>
public static class DescriptorPassing
{
    /// <summary>Sends bytes and, with them, a descriptor (SCM_RIGHTS) over a connected socket.</summary>
    public static unsafe void Send(Socket socket, ReadOnlySpan<byte> bytes, Fd descriptor)
    {
        var header = (nuint)Unsafe.SizeOf<SysSocket.cmsghdr>();
        Span<byte> control = stackalloc byte[(int)header + sizeof(long)];
        control.Clear();
        MemoryMarshal.Write(control, new SysSocket.cmsghdr { cmsg_len = header + sizeof(int), cmsg_level = SysSocket.SOL_SOCKET, cmsg_type = SysSocket.SCM_RIGHTS });
        MemoryMarshal.Write(control[(int)header..], descriptor.Number);
        fixed (byte* content = bytes, ancillary = control)
        {
            var part = new SysSocket.iovec { iov_base = (nint)content, iov_len = (nuint)bytes.Length };
            var message = new SysSocket.msghdr
            {
                msg_iov = (nint)(&part), msg_iovlen = 1, msg_control = (nint)ancillary, msg_controllen = (nuint)control.Length,
            };
            while (SysSocket.sendmsg(socket.SafeHandle, in message, 0) < 0)
            {
                if (PosixException.LastErrno() is var errno and not Errno.EINTR) throw new PosixException(errno, "sendmsg");
            }
        }

        GC.KeepAlive(descriptor);
    }

    /// <summary>The user whose rights this process has.</summary>
    public static uint UserId => Unistd.geteuid();

    /// <summary>The process at the other end of a unix(7) socket (SO_PEERCRED), and its user.</summary>
    public static (int ProcessId, uint UserId) PeerOf(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<SysSocket.ucred>()];
        socket.GetRawSocketOption(SysSocket.SOL_SOCKET, SysSocket.SO_PEERCRED, bytes);
        var peer = MemoryMarshal.Read<SysSocket.ucred>(bytes);
        return (peer.pid, peer.uid);
    }
}
