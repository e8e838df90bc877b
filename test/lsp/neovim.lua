-- Drives the built-in client of Neovim, and writes what it shows as JSON. Variables of the environment: ARCHC, the command line; ROOT, a folder with net.arch; OUT.
-- Works in Neovim 0.7, the oldest version with all features that are tried here.
local out = {}
local root, net = os.getenv('ROOT'), os.getenv('ROOT') .. '/net.arch'
vim.cmd('edit ' .. net)
vim.bo.filetype = 'arch'
local id = vim.lsp.start_client({ name = 'archc', cmd = { 'node', os.getenv('ARCHC'), 'lsp', '--stdio' }, root_dir = root })
vim.lsp.buf_attach_client(0, id)
local client = vim.lsp.get_client_by_id(id)

local function wait(what, is_done)
  if not vim.wait(20000, is_done, 10) then error('timeout: ' .. what) end
end
local function lines(from, to) return vim.api.nvim_buf_get_lines(0, from, to, false) end
local function diagnostics()
  return vim.tbl_map(function(d)
    return { line = d.lnum + 1, from = d.col + 1, to = d.end_col + 1, severity = vim.diagnostic.severity[d.severity], message = d.message }
  end, vim.diagnostic.get(0))
end
local function request(method, params)
  local all = vim.tbl_extend('force', { textDocument = { uri = vim.uri_from_bufnr(0) } }, params or {})
  local answers, problem = vim.lsp.buf_request_sync(0, method, all, 10000)
  assert(answers, problem)
  assert(not answers[id].error, vim.inspect(answers[id].error))
  return answers[id].result
end
local function go_to(pattern)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.fn.search(pattern, 'cW')
end

local ok, problem = pcall(function()
  wait('initialize', function() return client.initialized end)
  wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  out.diagnostics = diagnostics()

  go_to('Linear(10)')
  vim.lsp.buf.hover()
  local window
  wait('hover', function()
    for _, w in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(w).relative ~= '' then window = w end
    end
    return window
  end)
  out.hover = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
  vim.api.nvim_win_close(window, true)

  vim.api.nvim_buf_set_lines(0, 2, 3, false, { (lines(2, 3)[1]:gsub('flaten', 'flatten')) })
  wait('no diagnostics', function() return #vim.diagnostic.get(0) == 0 end)

  go_to('hidden')
  vim.lsp.buf.rename('width')
  wait('rename', function() return lines(0, 1)[1]:match('width') end)
  out.renamed = lines(0, -1)

  out.hints = vim.tbl_map(function(hint) return { line = hint.position.line + 1, label = hint.label } end,
    request('textDocument/inlayHint', { range = { start = { line = 0, character = 0 }, ['end'] = { line = 9, character = 0 } } }))
  out.definition = request('textDocument/definition', { position = { line = 3, character = 12 } })

  vim.lsp.buf.formatting_sync(nil, 10000)
  out.formatted = lines(0, -1)

  vim.cmd('autocmd BufWritePre <buffer> lua vim.lsp.buf.formatting_sync(nil, 10000)')
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { '        h   =   x' .. lines(1, 2)[1]:gsub('^.-x', '', 1) })
  vim.cmd('write')
  out.saved = vim.fn.readfile(net)
end)
out.problem = not ok and tostring(problem) or nil
client.stop()
vim.wait(5000, function() return client.is_stopped() end, 10)
out.stopped = client.is_stopped()
vim.fn.writefile({ vim.fn.json_encode(out) }, os.getenv('OUT'))
vim.cmd('qa!')
