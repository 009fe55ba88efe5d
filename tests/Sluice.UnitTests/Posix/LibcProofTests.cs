using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Posix;
using Sluice.Posix.Libc;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>
/// Proves the bindings against the system's own headers: everything declared in <c>Sluice.Posix.Libc</c>, and the enums with numbers of the kernel,
/// becomes a C program of static assertions that must compile. What the installed headers are too old to know is left out there.
/// </summary>
public sealed partial class LibcProofTests
{
    private const BindingFlags Declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Headers = new()
    {
        [typeof(Csignal)] = "signal.h",
        [typeof(Dirent)] = "dirent.h",
        [typeof(FileHandles)] = "fcntl.h",
        [typeof(LinuxFanotify)] = "linux/fanotify.h",
        [typeof(LinuxLoop)] = "linux/loop.h",
        [typeof(SysMount)] = "sys/mount.h",
        [typeof(SysSocket)] = "sys/socket.h",
        [typeof(SysPoll)] = "poll.h",
        [typeof(SysInotify)] = "sys/inotify.h",
        [typeof(Fcntl)] = "fcntl.h",
        [typeof(LinuxCapability)] = "linux/capability.h",
        [typeof(LinuxOpenat2)] = "linux/openat2.h",
        [typeof(LinuxXattr)] = "linux/xattr.h",
        [typeof(Stdio)] = "stdio.h",
        [typeof(SysFile)] = "sys/file.h",
        [typeof(SysResource)] = "sys/resource.h",
        [typeof(SysStat)] = "sys/stat.h",
        [typeof(SysSyscall)] = "sys/syscall.h",
        [typeof(SysXattr)] = "sys/xattr.h",
        [typeof(Time)] = "time.h",
        [typeof(Unistd)] = "unistd.h",
    };

    // Linux 6.6, 6.13 and 6.14: proved where the headers know them.
    private static readonly string[] NewerThanHeaders = ["FAN_REPORT_FD_ERROR", "FAN_PRE_ACCESS", "FSCONFIG_CMD_CREATE_EXCL"];

    private static readonly Dictionary<OpenFlags, string> OpenFlagNames = new()
    {
        [OpenFlags.ReadOnly] = "O_RDONLY",
        [OpenFlags.WriteOnly] = "O_WRONLY",
        [OpenFlags.ReadWrite] = "O_RDWR",
        [OpenFlags.Create] = "O_CREAT",
        [OpenFlags.Exclusive] = "O_EXCL",
        [OpenFlags.Truncate] = "O_TRUNC",
        [OpenFlags.NonBlock] = "O_NONBLOCK",
        [OpenFlags.Directory] = "O_DIRECTORY",
        [OpenFlags.NoFollow] = "O_NOFOLLOW",
        [OpenFlags.NoAtime] = "O_NOATIME",
        [OpenFlags.CloseOnExec] = "O_CLOEXEC",
        [OpenFlags.Path] = "O_PATH",
    };

    [Fact]
    public async Task Constants_and_layouts_are_those_of_the_system_headers()
    {
        var program = Program();
        var result = await CompileAsync(program);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(program.Split("_Static_assert").Length > 250, "The program asserts less than there is.");
    }

    [Fact]
    public async Task A_wrong_number_would_be_found()
    {
        var result = await CompileAsync(Program() + "_Static_assert(O_CLOEXEC == 1, \"planted\");\n");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("planted", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_binding_names_its_header()
    {
        var declared = typeof(Abi).Assembly.GetTypes()
            .Where(type => type is { Namespace: "Sluice.Posix.Libc", IsNested: false } && type != typeof(Abi));
        Assert.Empty(declared.Except(Headers.Keys));
    }

    [Fact]
    public void Every_open_flag_is_proved() => Assert.Equal(Enum.GetValues<OpenFlags>().Order(), OpenFlagNames.Keys.Order());

    [Fact]
    public void Arm64_gives_directory_and_no_follow_other_bits()
    {
        const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.NoAtime | OpenFlags.Path;
        Assert.Equal(0x2 | 0x10000 | 0x20000 | 0x40000 | 0x200000, NativeOpenFlags.Of(Flags, Architecture.X64));
        Assert.Equal(0x2 | 0x4000 | 0x8000 | 0x40000 | 0x200000, NativeOpenFlags.Of(Flags, Architecture.Arm64));
        Assert.Throws<PlatformNotSupportedException>(() => NativeOpenFlags.Of(Flags, Architecture.S390x));
    }

    private static string Program()
    {
        var text = new StringBuilder("#define _GNU_SOURCE\n#include <stddef.h>\n#include <errno.h>\n#include <linux/version.h>\n");
        foreach (var header in Headers.Values)
            text.Append($"#include <{header}>\n");
        foreach (var binding in Headers.Keys)
            AppendBinding(text, binding);
        foreach (var errno in Enum.GetValues<Errno>().Where(errno => errno != Errno.None))
            AppendAssert(text, errno.ToString(), (int)errno);
        foreach (var capability in Enum.GetValues<Capability>())
            AppendAssert(text, "CAP_" + WordStart().Replace(capability.ToString(), "_").ToUpperInvariant(), (int)capability);
        foreach (var (flag, name) in OpenFlagNames)
            AppendAssert(text, name, NativeOpenFlags.Of(flag));
        return text.ToString();
    }

    private static void AppendBinding(StringBuilder text, Type binding)
    {
        foreach (var field in binding.GetFields(Declared).Where(field => field.IsStatic && !field.IsPrivate))
        {
            var isNew = NewerThanHeaders.Contains(field.Name);
            if (isNew) text.Append($"#ifdef {field.Name}\n");
            AppendAssert(text, field.Name, Convert.ToInt64(field.GetValue(null)));
            if (isNew) text.Append("#endif\n");
        }

        foreach (var nested in binding.GetNestedTypes(Declared))
        {
            if (nested.IsValueType)
                AppendLayout(text, nested);
            else if (nested == typeof(Dirent.Offset))
                AppendOffsets(text);
        }
    }

    private static void AppendOffsets(StringBuilder text)
    {
        foreach (var field in typeof(Dirent.Offset).GetFields(Declared))
            AppendAssert(text, $"offsetof(struct dirent64, {field.Name})", Convert.ToInt64(field.GetValue(null)));
    }

    private static void AppendLayout(StringBuilder text, Type layout)
    {
        if (layout == typeof(LinuxXattr.xattr_args))
            text.Append("#if LINUX_VERSION_CODE >= KERNEL_VERSION(6,13,0)\n");
        AppendAssert(text, $"sizeof(struct {layout.Name})", Marshal.SizeOf(layout));
        foreach (var field in layout.GetFields(Declared).Where(field => !field.IsPrivate && !field.IsStatic))
        {
            AppendAssert(text, $"offsetof(struct {layout.Name}, {field.Name})", Marshal.OffsetOf(layout, field.Name));
            if (field.FieldType.IsPrimitive)
                AppendAssert(text, $"sizeof(((struct {layout.Name} *)0)->{field.Name})", Marshal.SizeOf(field.FieldType));
        }

        if (layout == typeof(LinuxXattr.xattr_args))
            text.Append("#endif\n");
    }

    private static void AppendAssert(StringBuilder text, string expression, long value)
    {
        var isNewer = expression == nameof(SysSyscall.SYS_getxattrat);
        if (isNewer)
            text.Append($"#ifdef {expression}\n");
        text.Append($"_Static_assert({expression} == {value}, \"{expression} is not {value}\");\n");
        if (isNewer)
            text.Append("#endif\n");
    }

    private static async Task<ProcessResult> CompileAsync(string program)
    {
        await using var directory = TempDirectory.Create();
        await File.WriteAllTextAsync(directory["proof.c"], program, TestContext.Current.CancellationToken);
        return await ProcessRunner.RunAsync(
            new(Require.Tool("cc")) { Arguments = ["-std=c11", "-fsyntax-only", directory["proof.c"]] },
            TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("(?<!^)(?=[A-Z])")]
    private static partial Regex WordStart();
}
