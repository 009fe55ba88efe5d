using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Help;
using Sluice.CommandLine.Output;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice task list|show|watch|cancel</c>; what starts tasks is in <see cref="TaskStartCommands"/>.</summary>
internal static class TaskCommands
{
    public static Command Make(CommandContext context) => new DocumentedCommand(
        "task", "Data repository tasks: start, follow and cancel.",
        ["sluice task export fs-0123456789abcdef0 --watch", "sluice task list --state EXECUTING"])
    {
        TaskStartCommands.Export(context), TaskStartCommands.Import(context), TaskStartCommands.Release(context), TaskStartCommands.Restore(context),
        List(context), Show(context), Watch(context), Cancel(context),
    };

    private static Command List(CommandContext context)
    {
        var fileSystem = SharedOptions.FileSystem();
        var state = new Option<string[]>("--state") { Description = "Only those in this state, as EXECUTING; repeatable.", HelpName = "STATE" };
        state.CompletionSources.Add("PENDING", "EXECUTING", "CANCELING", "SUCCEEDED", "FAILED", "CANCELED");
        IReadOnlyList<string> examples = ["sluice task list", "sluice task list --fs fs-0123456789abcdef0 --state executing --state pending"];
        return new ApiCommand(context, "list", "List tasks, newest first.", examples, [fileSystem, state], async (parsed, server, json, token) =>
        {
            var filters = new List<DataRepositoryTaskFilter>();
            if (parsed.GetValue(fileSystem) is { } id) filters.Add(new DataRepositoryTaskFilter { Name = "file-system-id", Values = [id] });
            if (parsed.GetValue(state) is { Length: > 0 } states) filters.Add(new DataRepositoryTaskFilter { Name = "task-lifecycle", Values = [.. states.Select(word => word.ToUpperInvariant())] });
            var all = new List<DataRepositoryTask>();
            string? next = null;
            do
            {
                var request = new DescribeDataRepositoryTasksRequest { Filters = filters.Count == 0 ? null : filters, NextToken = next };
                var page = await TaskDescriptions.ListAsync(server, request, token);
                all.AddRange(page.DataRepositoryTasks ?? []);
                next = page.NextToken;
            }
            while (next is not null);

            if (json)
            {
                Printer.Json(
                    context, new DescribeDataRepositoryTasksResponse { DataRepositoryTasks = all }, FsxJsonContext.Default.DescribeDataRepositoryTasksResponse);
            }
            else
            {
                Printer.Table(context, ["ID", "FILE SYSTEM", "TYPE", "STATE", "DONE", "FAILED", "FOUND", "CREATED"], [.. all.Select(task => new[]
                {
                    task.TaskId!, task.FileSystemId!, task.Type!, task.Lifecycle!, Format.Count(task.Status?.SucceededCount ?? 0),
                    Format.Count(task.Status?.FailedCount ?? 0), Format.Count(task.Status?.TotalCount ?? 0), Format.Time(task.CreationTime),
                })]);
            }

            return ExitCodes.Success;
        });
    }

    private static Command Show(CommandContext context)
    {
        var id = new Argument<string>("TASK-ID") { Description = "The task." };
        return new ApiCommand(context, "show", "Show a task.", ["sluice task show task-0123456789abcdef0"], [id], async (parsed, server, json, token) =>
        {
            var task = await TaskDescriptions.FindAsync(server, parsed.GetRequiredValue(id), token);
            if (json) Printer.Json(context, task, FsxJsonContext.Default.DataRepositoryTask);
            else TaskWatcher.Print(context, task);
            return ExitCodes.Success;
        });
    }

    private static Command Watch(CommandContext context)
    {
        var id = new Argument<string>("TASK-ID") { Description = "The task." };
        return new ApiCommand(
            context, "watch", "Follow a task until it ends.", ["sluice task watch task-0123456789abcdef0"], [id],
            (parsed, server, json, token) => new TaskWatcher(context, server).RunAsync(parsed.GetRequiredValue(id), json, token))
        {
            Details =
                """
                Exit code 0 for SUCCEEDED, 1 for FAILED, 5 for CANCELED.
                Ctrl-C only stops watching (exit code 130): the task goes on. 'sluice task cancel' cancels it.
                """,
        };
    }

    private static Command Cancel(CommandContext context)
    {
        var id = new Argument<string>("TASK-ID") { Description = "The task." };
        return new ApiCommand(
            context, "cancel", "Cancel a task.", ["sluice task cancel task-0123456789abcdef0"], [id],
            async (parsed, server, json, token) =>
            {
                var request = new CancelDataRepositoryTaskRequest { TaskId = parsed.GetRequiredValue(id) };
                var response = await server.SendAsync(FsxOperations.CancelDataRepositoryTask, request, token);
                if (json) Printer.Json(context, response, FsxJsonContext.Default.CancelDataRepositoryTaskResponse);
                else context.Out.WriteLine($"{response.TaskId} {response.Lifecycle}");
                return ExitCodes.Success;
            })
        {
            Details =
                """
                From the answer on, no further file begins; files in flight are finished; what is done stays done.
                The answer is CANCELING; the task is CANCELED when the last file in flight is done. The next task of the kind does the rest.
                """,
        };
    }
}
