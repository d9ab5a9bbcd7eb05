-- Orders, for wrk.
wrk.method = "POST"
