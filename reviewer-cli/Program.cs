using SecureDrop.Reviewer.Commands;

return (int)await ReviewerProgram.RunAsync(args, Surroundings.OfProcess(), CancellationToken.None);
