using Sluice.Reference;

// The least a .NET program can do, beside which Sluice's start and its API are measured.
if (args is ["echo"]) return await EchoServer.RunAsync();
Console.WriteLine("hello");
return 0;
